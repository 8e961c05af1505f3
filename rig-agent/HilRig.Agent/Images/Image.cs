namespace HilRig.Agent.Images;

/// <summary>Bytes that belong at an address.</summary>
public sealed record ImageSegment(uint Address, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>First address after the segment.</summary>
    public ulong End => Address + (ulong)Bytes.Length;
}

/// <summary>An application as it is to lie in memory.</summary>
/// <param name="Name">The file it came from.</param>
/// <param name="Segments">In rising order, without overlap, none empty.</param>
public sealed record Image(string Name, IReadOnlyList<ImageSegment> Segments)
{
    public long ByteCount => Segments.Sum(segment => (long)segment.Bytes.Length);

    public uint Start => Segments[0].Address;

    /// <summary>First address after the last segment.</summary>
    public ulong End => Segments[^1].End;

    /// <summary>The bytes at an address, or null when a segment does not hold all of them.</summary>
    public ReadOnlyMemory<byte>? Read(uint address, int byteCount)
    {
        foreach (var segment in Segments)
        {
            if (address >= segment.Address && address + (ulong)byteCount <= segment.End)
                return segment.Bytes.Slice((int)(address - segment.Address), byteCount);
        }
        return null;
    }
}
