using HilRig.Agent.Images;

namespace HilRig.Agent.Bootloader.Recipes;

/// <summary>What was read back is not what was written.</summary>
public sealed class ReadBackException(uint address, byte expected, byte actual, int differingBytes)
    : Exception($"read back 0x{actual:X2} at 0x{address:X8} where 0x{expected:X2} was written; {differingBytes} bytes differ")
{
    /// <summary>The first that differs.</summary>
    public uint Address { get; } = address;
}

/// <summary>Compares a segment with what was read.</summary>
public static class ReadBack
{
    /// <exception cref="ReadBackException">They differ.</exception>
    public static void Compare(ImageSegment segment, ReadOnlySpan<byte> actual)
    {
        if (ByteDifference.Find(segment.Bytes.Span, actual) is { } difference)
            throw new ReadBackException(segment.Address + (uint)difference.Offset, difference.Expected, difference.Actual, difference.Count);
    }
}
