using System.Buffers.Binary;

namespace HilRig.Agent.Images;

public enum PreflightSeverity
{
    /// <summary>Allowed, but probably not meant.</summary>
    Warning,

    /// <summary>Must not be written.</summary>
    Refusal,
}

/// <summary>One objection to an image, in a sentence that names the address.</summary>
public sealed record PreflightFinding(PreflightSeverity Severity, string Message);

/// <summary>Objects to an image before a byte of it is sent.</summary>
public static class ImagePreflight
{
    public static IReadOnlyList<PreflightFinding> Check(Image image, FlashMap map)
    {
        var findings = new List<PreflightFinding>();
        foreach (var segment in image.Segments)
            findings.AddRange(CheckSegment(image.Name, segment, map));
        findings.AddRange(CheckVectorTable(image, map));
        if (BootConfiguration.Of(image, map) is { } area && BootConfiguration.LeavesUartOut(area.Span))
            findings.Add(Warning($"{image.Name}: its boot configuration at 0x{map.BootConfiguration.Start:X8} leaves the UART out; after the next reset the bootloader can no longer be reached on it"));
        return findings;
    }

    private static IEnumerable<PreflightFinding> CheckSegment(string name, ImageSegment segment, FlashMap map)
    {
        var range = new AddressRange(segment.Address, segment.End);
        if (map.ConfigurationField.Overlaps(range.Start, range.End))
            yield return Refusal($"{name}: {range} touches the flash configuration field {map.ConfigurationField}, which can lock the part; move the image");
        if (map.Bootloader.Overlaps(range.Start, range.End))
            yield return Refusal($"{name}: {range} overlaps the bootloader at {map.Bootloader}; link the application to 0x{map.ApplicationAddress:X8}");
        if (range.Start < map.Flash.Start || range.End > map.Flash.End)
            yield return Refusal($"{name}: {range} is not inside flash {map.Flash}; correct the image or its address");
        if (range.Start % map.WriteAlignment != 0)
            yield return Refusal($"{name}: 0x{range.Start:X8} is no multiple of {map.WriteAlignment}, which a write to this flash must start at; pad the segment");
    }

    private static IEnumerable<PreflightFinding> CheckVectorTable(Image image, FlashMap map)
    {
        if (image.Read(map.ApplicationAddress, 8) is not { } vectors)
        {
            yield return Warning($"{image.Name}: holds no vector table at 0x{map.ApplicationAddress:X8}; the bootloader will not start it");
            yield break;
        }
        var stack = BinaryPrimitives.ReadUInt32LittleEndian(vectors.Span);
        if (!map.Ram.Any(bank => stack > bank.Start && stack <= bank.End) || stack % 4 != 0)
            yield return Warning($"{image.Name}: initial stack pointer 0x{stack:X8} at 0x{map.ApplicationAddress:X8} lies in no RAM; is this a raw image for this part?");

        var reset = BinaryPrimitives.ReadUInt32LittleEndian(vectors.Span[4..]);
        if (reset % 2 == 0)
            yield return Warning($"{image.Name}: reset handler 0x{reset:X8} at 0x{map.ApplicationAddress + 4:X8} is not a Thumb address (bit 0 clear)");
        if (image.Read(reset & ~1U, 2) is null)
            yield return Warning($"{image.Name}: reset handler 0x{reset:X8} lies outside the image; was it linked for 0x{map.ApplicationAddress:X8}?");
    }

    private static PreflightFinding Refusal(string message) => new(PreflightSeverity.Refusal, message);

    private static PreflightFinding Warning(string message) => new(PreflightSeverity.Warning, message);
}
