using System.Buffers.Binary;
using System.Text.RegularExpressions;
using HilRig.Agent.Images;
using HilRig.Agent.Steps;

namespace HilRig.Agent.Places;

/// <summary>A bootloader as it is to lie at the start of flash.</summary>
public sealed record BootloaderRelease(string Name, ReadOnlyMemory<byte> Bytes)
{
    private const int FlashSecurity = 0x40C;

    /// <summary>FSEC.SEC: anything but binary 10 secures the part from its next reset on.</summary>
    public bool SecuresPart => Bytes.Length <= FlashSecurity || (Bytes.Span[FlashSecurity] & 3) != 2;

    /// <summary>Why it must not be written; null where it may.</summary>
    public string? Refuse(FlashMap map, Securing securing)
    {
        if (Bytes.Length < 8 || map.Flash.Start + (ulong)Bytes.Length > map.ApplicationAddress)
            return $"{Name}: {Bytes.Length} bytes are no bootloader for 0x{map.Flash.Start:X8}, which ends before the application at 0x{map.ApplicationAddress:X8}";
        var stack = BinaryPrimitives.ReadUInt32LittleEndian(Bytes.Span);
        var reset = BinaryPrimitives.ReadUInt32LittleEndian(Bytes.Span[4..]);
        if (!map.Ram.Any(bank => stack > bank.Start && stack <= bank.End) || reset % 2 == 0 || reset < map.Flash.Start || reset >= map.Flash.Start + (ulong)Bytes.Length)
            return $"{Name}: does not begin with a vector table for 0x{map.Flash.Start:X8} (stack 0x{stack:X8}, reset handler 0x{reset:X8}); is it a raw binary of a bootloader?";
        return SecuresPart && securing == Securing.Refuse
            ? $"{Name}: FSEC at 0x{map.Flash.Start + FlashSecurity:X8} would be 0x{(Bytes.Length > FlashSecurity ? Bytes.Span[FlashSecurity] : 0xFF):X2} and secure the part at its next reset; mend the release's flash configuration field (0xFE is open), or say `securing: allow`"
            : null;
    }
}

/// <summary>The bootloader releases that a place offers, by file name: a sequence names one and reaches no other file.</summary>
public static partial class ReleaseFolder
{
    public static string? Refuse(Place place, string name)
    {
        if (place.Releases is not { } folder)
            return $"place {place.Name} has no `releases:`, the folder with bootloader releases";
        if (!FileName().IsMatch(name))
            return $"`release` is the name of a file in {folder}, not `{name}`";
        return File.Exists(Path.Combine(folder, name)) ? null : $"{folder} has no `{name}`";
    }

    public static BootloaderRelease Load(Place place, string name) => new(name, ImageFile.ReadBytes(Path.Combine(place.Releases!, name)));

    [GeneratedRegex("^[A-Za-z0-9_][A-Za-z0-9_.+-]{0,99}$")]
    private static partial Regex FileName();
}
