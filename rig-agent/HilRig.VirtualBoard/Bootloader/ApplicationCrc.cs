using HilRig.Kboot;
using HilRig.VirtualBoard.Kv58;

namespace HilRig.VirtualBoard.Bootloader;

/// <summary>
/// The check of the application that KBOOT makes before it starts it where the feature is built; on a KV58 it is not
/// (facts: kboot §5.1). CRC-32/MPEG-2: polynomial 04C11DB7, start FFFFFFFF, nothing reflected, zeros up to a whole word, and
/// the word that holds the expected value left out.
/// </summary>
internal static class ApplicationCrc
{
    public const StatusCode Passed = (StatusCode)10400;
    public const StatusCode Failed = (StatusCode)10401;
    public const StatusCode Inactive = (StatusCode)10402;
    public const StatusCode Invalid = (StatusCode)10403;
    public const StatusCode OutOfRange = (StatusCode)10404;

    private const uint Blank = 0xFFFFFFFF;
    private const uint ExpectedWord = KvMap.ApplicationStart + 0x3CC;

    /// <summary>What property 08 will say. Ordinary loads: what the D-cache holds is what is checked.</summary>
    public static StatusCode Check(Bus bus, BootConfiguration configuration)
    {
        var (start, count, expected) = (configuration.CrcStart, configuration.CrcByteCount, configuration.CrcExpected);
        if (start == Blank && count == Blank && expected == Blank)
            return Inactive;
        if (start == Blank || count is 0 or Blank)
            return Invalid;
        if (MemoryMap.Find(start, count) is not { IsExecutable: true })
            return OutOfRange;
        var image = new byte[(count + 3) / 4 * 4];
        if (!bus.TryLoad(start, image.AsSpan(0, (int)count)))
            return Invalid;
        return Compute(image, (int)(ExpectedWord - start)) == expected ? Passed : Failed;
    }

    /// <param name="bytes">Whole words.</param>
    /// <param name="skipped">Offset of the word left out; outside is nowhere.</param>
    public static uint Compute(ReadOnlySpan<byte> bytes, int skipped)
    {
        var crc = Blank;
        for (var at = 0; at < bytes.Length; at++)
        {
            if (at >= skipped && at < skipped + 4)
                continue;
            crc ^= (uint)bytes[at] << 24;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 0x80000000) != 0 ? (crc << 1) ^ 0x04C11DB7 : crc << 1;
        }
        return crc;
    }
}
