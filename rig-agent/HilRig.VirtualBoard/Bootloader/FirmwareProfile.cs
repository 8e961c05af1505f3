using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using HilRig.VirtualBoard.Kv58;

namespace HilRig.VirtualBoard.Bootloader;

/// <summary>
/// What an image says of itself. The virtual core executes no code, so an image that should do something carries a
/// profile, found by the vector table's reserved words:
/// <code>20 "HRPF"  24 address of the text  28 digest of the image, without these four bytes and 3C0..40F</code>
/// The text is ASCII, one <c>key=value</c> a line, ended by a zero.
/// </summary>
public sealed record FirmwareProfile(IReadOnlyDictionary<string, string> Entries)
{
    public const uint Magic = 0x46505248; // "HRPF"
    public const int MagicOffset = 0x20;
    public const int TextAddressOffset = 0x24;
    public const int DigestOffset = 0x28;
    private const int MaxText = 512;

    public string Kind => this["kind"];

    public string Name => this["name"];

    public string Version => this["version"];

    /// <summary>Size of the whole image in bytes.</summary>
    public int Size => int.TryParse(this["size"], CultureInfo.InvariantCulture, out var size) ? size : 0;

    /// <summary>The startup code turns the L1 D-cache on.</summary>
    public bool IsDataCacheOn => this["dcache"] == "on";

    /// <summary>An entry, empty when absent.</summary>
    public string this[string key] => Entries.TryGetValue(key, out var value) ? value : "";

    public static FirmwareProfile Parse(string text) => new(text
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split('=', 2))
        .Where(pair => pair.Length == 2)
        .DistinctBy(pair => pair[0])
        .ToDictionary(pair => pair[0], pair => pair[1]));

    public override string ToString() => string.Concat(Entries.Select(entry => $"{entry.Key}={entry.Value}\n"));

    /// <summary>The profile of the image at <paramref name="vectorTable"/>; null when there is none.</summary>
    public static FirmwareProfile? Read(FlashArray array, uint vectorTable)
    {
        if (Word(array, vectorTable + MagicOffset) != Magic)
            return null;
        var at = Word(array, vectorTable + TextAddressOffset);
        if (!KvMap.IsFlash(at) || at + MaxText > KvMap.FlashEnd)
            return null;
        var text = new byte[MaxText];
        array.Read((int)(at - KvMap.FlashStart), text);
        var end = Array.IndexOf(text, (byte)0);
        return end < 0 ? null : Parse(Encoding.ASCII.GetString(text, 0, end));
    }

    /// <summary>Whether the image in flash is whole, as its digest has it.</summary>
    public bool IsIntact(FlashArray array, uint vectorTable)
    {
        var start = (int)(vectorTable - KvMap.FlashStart);
        if (Size < 0x40 || start + Size > FlashArray.Size)
            return false;
        var image = new byte[Size];
        array.Read(start, image);
        return Digest(image) == BinaryPrimitives.ReadUInt32LittleEndian(image.AsSpan(DigestOffset));
    }

    public static uint Digest(ReadOnlySpan<byte> image)
    {
        var copy = image.ToArray();
        copy.AsSpan(DigestOffset, 4).Clear();
        // Configuration areas are meant to be changed in a finished image.
        copy.AsSpan(Math.Min(0x3C0, copy.Length)..Math.Min(0x410, copy.Length)).Clear();
        return BinaryPrimitives.ReadUInt32LittleEndian(SHA256.HashData(copy));
    }

    internal static uint Word(FlashArray array, uint address)
    {
        Span<byte> bytes = stackalloc byte[4];
        array.Read((int)(address - KvMap.FlashStart), bytes);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }
}
