using System.Buffers.Binary;

namespace HilRig.VirtualBoard.Kv58;

/// <summary>A block of RAM; its cells are allocated when first written.</summary>
/// <param name="start">First address.</param>
/// <param name="size">In bytes.</param>
public sealed class Ram(uint start, int size)
{
    private byte[]? cells;

    public uint Start { get; } = start;

    public int Size { get; } = size;

    public bool Contains(uint address, int length) => address >= Start && (ulong)address + (ulong)length <= (ulong)Start + (ulong)Size;

    public void Read(uint address, Span<byte> to)
    {
        if (cells is null)
            to.Clear();
        else
            cells.AsSpan((int)(address - Start), to.Length).CopyTo(to);
    }

    public void Write(uint address, ReadOnlySpan<byte> from)
    {
        cells ??= new byte[Size];
        from.CopyTo(cells.AsSpan((int)(address - Start)));
    }

    /// <summary>After power-on the cells hold what chance left in them.</summary>
    public void LosePower(Random chance)
    {
        // Most firmware never looks; four words suffice to show that nothing survived.
        cells?.AsSpan().Clear();
        if (cells is null)
            return;
        for (var word = 0; word < 4; word++)
            BinaryPrimitives.WriteInt32LittleEndian(cells.AsSpan(word * 4), chance.Next());
    }
}
