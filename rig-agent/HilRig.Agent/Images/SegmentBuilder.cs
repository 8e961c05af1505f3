using HilRig.Model;

namespace HilRig.Agent.Images;

/// <summary>Collects bytes that arrive in any order and joins what touches.</summary>
internal sealed class SegmentBuilder(string file)
{
    private readonly List<(uint Address, byte[] Bytes)> pieces = [];

    public void Add(uint address, ReadOnlySpan<byte> bytes)
    {
        if (address + (ulong)bytes.Length > 1UL << 32)
            throw new BadInputException($"{file}: {bytes.Length} bytes at 0x{address:X8} end beyond the 32-bit address space; is the file damaged?");
        if (!bytes.IsEmpty)
            pieces.Add((address, bytes.ToArray()));
    }

    /// <exception cref="BadInputException">There are no bytes, or two pieces claim the same address.</exception>
    public Image Build()
    {
        if (pieces.Count == 0)
            throw new BadInputException($"{file}: holds no data; expected at least a vector table");
        var segments = new List<ImageSegment>();
        var run = new List<byte>();
        var start = 0u;
        foreach (var (address, bytes) in pieces.OrderBy(piece => piece.Address))
        {
            var end = start + (ulong)run.Count;
            if (run.Count > 0 && address < end)
                throw new BadInputException($"{file}: two records claim the bytes at 0x{address:X8}; is the file damaged?");
            if (run.Count > 0 && address > end)
            {
                segments.Add(new ImageSegment(start, run.ToArray()));
                run.Clear();
            }
            if (run.Count == 0)
                start = address;
            run.AddRange(bytes);
        }
        segments.Add(new ImageSegment(start, run.ToArray()));
        return new Image(file, segments);
    }
}
