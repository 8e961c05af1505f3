namespace HilRig.VirtualBoard.Kv58;

/// <summary>DWT: the cycle counter, the PC sample and four comparators, which hold what is written and never match.</summary>
/// <remarks>
/// CTRL 000 (31:28 = 4 comparators, 0 CYCCNTENA) · CYCCNT 004 · CPICNT..FOLDCNT 008..018 · PCSR 01C · COMPn 020+16n,
/// MASKn +4, FUNCTIONn +8.
/// </remarks>
internal sealed class CoreWatch(TimeProvider time, CoreRunControl run, CoreRegisters registers)
{
    private const uint Comparators = 4u << 28;
    private const uint ControlBits = 0x007F1FFF;
    private const uint CycleCounterEnable = 1;
    private const uint TraceEnable = 1 << 24;
    private const uint CycleCounter = 0x04;
    private const uint ProgramCounterSample = 0x1C;
    private const uint FirstComparator = 0x20;

    private readonly uint[] comparators = new uint[16];
    private uint control;
    private uint cycles;
    private long since;

    public uint Read(uint offset)
    {
        Settle();
        return offset switch
        {
            0 => Comparators | control,
            CycleCounter => cycles,
            ProgramCounterSample => run.State == CoreState.Running ? registers.ProgramCounter : uint.MaxValue,
            _ => TryIndex(offset, out var index) ? comparators[index] : 0,
        };
    }

    public void Write(uint offset, uint value)
    {
        Settle();
        if (offset == 0) control = value & ControlBits;
        else if (offset == CycleCounter) cycles = value;
        else if (TryIndex(offset, out var index)) comparators[index] = value;
    }

    /// <summary>Counts the time since the last settling, as the run state was until now. Halted or in reset nothing counts.</summary>
    public void Settle()
    {
        var now = time.GetTimestamp();
        var isCounting = run.State is CoreState.Running or CoreState.Astray && (control & CycleCounterEnable) != 0 && (run.Catch & TraceEnable) != 0;
        if (isCounting) cycles += (uint)(ulong)(time.GetElapsedTime(since, now).TotalSeconds * CoreIdentification.CoreClock);
        since = now;
    }

    public void Clear()
    {
        control = 0;
        cycles = 0;
        Array.Clear(comparators);
    }

    private bool TryIndex(uint offset, out int index)
    {
        index = (int)(offset - FirstComparator) / 4;
        return offset >= FirstComparator && index < comparators.Length;
    }
}
