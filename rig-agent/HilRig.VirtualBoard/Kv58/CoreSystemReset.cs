namespace HilRig.VirtualBoard.Kv58;

/// <summary>AIRCR: a debugger's way to ask for a reset (ARMv7-M B3.2.6).</summary>
internal sealed class CoreSystemReset(IDebugTarget target)
{
    private const uint WriteKey = 0x05FA0000;
    private const uint ReadKey = 0xFA050000;
    private const uint PriorityGroup = 7 << 8;
    private const uint SystemResetRequest = 1 << 2;
    private const uint VectorReset = 1 << 0;

    private uint priorityGroup;

    public uint Read() => ReadKey | priorityGroup;

    public void Write(uint value)
    {
        if ((value & 0xFFFF0000) != WriteKey) return;
        priorityGroup = value & PriorityGroup;
        if ((value & SystemResetRequest) != 0) target.Reset(ResetCause.SystemResetRequest);
        else if ((value & VectorReset) != 0) target.Reset(ResetCause.CoreOnly);
    }

    public void Clear() => priorityGroup = 0;
}
