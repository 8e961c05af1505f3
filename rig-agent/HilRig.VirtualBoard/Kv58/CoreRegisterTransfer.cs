namespace HilRig.VirtualBoard.Kv58;

/// <summary>DCRSR and DCRDR: one core register at a time, while the core is halted.</summary>
internal sealed class CoreRegisterTransfer(CoreRegisters registers, CoreRunControl run)
{
    private const uint Write = 1 << 16;
    private const uint Number = 0x7F;

    /// <summary>DCRDR.</summary>
    public uint Data { get; set; }

    public void Select(uint value)
    {
        run.IsTransferComplete = run.State == CoreState.Halted;
        if (!run.IsTransferComplete) return;
        var number = (int)(value & Number);
        if ((value & Write) != 0) registers[number] = Data;
        else Data = registers[number];
    }
}
