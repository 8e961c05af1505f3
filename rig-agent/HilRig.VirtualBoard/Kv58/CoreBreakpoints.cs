namespace HilRig.VirtualBoard.Kv58;

/// <summary>FPB revision 2: eight instruction comparators at any address, one literal comparator that nothing uses.</summary>
/// <remarks>FP_CTRL 000 (28 = revision, 7:4 = 8 code comparators, 1 KEY, 0 ENABLE) · FP_REMAP 004 · FP_COMP0..7 008.</remarks>
internal sealed class CoreBreakpoints
{
    private const uint Shape = 0x10000080;
    private const uint Key = 1 << 1;
    private const uint Enable = 1 << 0;
    private const uint FirstComparator = 8;

    private readonly uint[] comparators = new uint[8];
    private bool isEnabled;

    public bool Match(uint address) => isEnabled && comparators.AsSpan().Contains(address | Enable);

    public uint Read(uint offset) => offset == 0 ? Shape | (isEnabled ? Enable : 0) : TryIndex(offset, out var index) ? comparators[index] : 0;

    public void Write(uint offset, uint value)
    {
        if (offset == 0 && (value & Key) != 0) isEnabled = (value & Enable) != 0;
        else if (TryIndex(offset, out var index)) comparators[index] = value;
    }

    public void Clear()
    {
        isEnabled = false;
        Array.Clear(comparators);
    }

    private bool TryIndex(uint offset, out int index)
    {
        index = (int)(offset - FirstComparator) / 4;
        return offset >= FirstComparator && index < comparators.Length;
    }
}
