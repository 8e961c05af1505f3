namespace HilRig.VirtualBoard.Kv58;

/// <summary>
/// The flash memory controller's speculation buffers at 0x4001F000: the last two 32-byte lines read from the array, by
/// whomever. KBOOT clears them after each command by PFB0CR.S_INV; nothing else does but a reset.
/// </summary>
public sealed class FlashBuffer(FlashArray array)
{
    public const uint Base = 0x4001F000;
    private const uint InvalidateSpeculation = 1u << 19;
    private const uint BlockControlReset = 0x3002_001F; // buffers on; width code of a 256-bit array
    private const int LineSize = 32;

    private readonly int[] lines = [-1, -1];
    private readonly byte[] data = new byte[2 * LineSize];
    private int next;
    private uint blockControl = BlockControlReset;

    /// <summary>A fault's: S_INV has no effect (fault F6).</summary>
    public bool IgnoresInvalidation { get; set; }

    public void Reset() => lines.AsSpan().Fill(-1);

    /// <summary>Reads through the buffers; <paramref name="to"/> may cross lines.</summary>
    public void Read(int offset, Span<byte> to)
    {
        for (var done = 0; done < to.Length;)
        {
            var within = (offset + done) % LineSize;
            var part = to.Slice(done, Math.Min(LineSize - within, to.Length - done));
            Line(offset + done - within).Slice(within, part.Length).CopyTo(part);
            done += part.Length;
        }
    }

    public uint ReadRegister(uint offset) => offset == 4 ? blockControl : 0;

    public void WriteRegister(uint offset, uint value)
    {
        if (offset != 4)
            return;
        blockControl = value & ~InvalidateSpeculation; // reads 0
        if ((value & InvalidateSpeculation) != 0 && !IgnoresInvalidation)
            Reset();
    }

    private Span<byte> Line(int offset)
    {
        var slot = lines.AsSpan().IndexOf(offset);
        if (slot >= 0)
            return data.AsSpan(slot * LineSize, LineSize);
        slot = next;
        next ^= 1;
        lines[slot] = offset;
        var line = data.AsSpan(slot * LineSize, LineSize);
        array.Read(offset, line);
        return line;
    }
}
