using HilRig.Agent.Images;

namespace HilRig.Agent.Bootloader.Recipes;

/// <summary>What was read back is not what was written.</summary>
public sealed class ReadBackException(uint address, byte expected, byte actual, int differingBytes)
    : Exception($"read back 0x{actual:X2} at 0x{address:X8} where 0x{expected:X2} was written; {differingBytes} bytes differ")
{
    /// <summary>The first that differs.</summary>
    public uint Address { get; } = address;

    public byte Expected { get; } = expected;

    public byte Actual { get; } = actual;

    public int DifferingBytes { get; } = differingBytes;
}

/// <summary>Compares a segment with what was read.</summary>
public static class ReadBack
{
    /// <exception cref="ReadBackException">They differ.</exception>
    public static void Compare(ImageSegment segment, ReadOnlySpan<byte> actual)
    {
        var expected = segment.Bytes.Span;
        var first = expected.CommonPrefixLength(actual);
        if (first == expected.Length)
            return;
        var differing = 0;
        for (var index = first; index < expected.Length; index++)
            differing += index >= actual.Length || expected[index] != actual[index] ? 1 : 0;
        throw new ReadBackException(segment.Address + (uint)first, expected[first], first < actual.Length ? actual[first] : (byte)0, differing);
    }
}
