namespace HilRig.VirtualBoard.Kv58;

/// <summary>The reset control module at 0x4007F000: SRS0 and SRS1 say why the chip last started, SSRS0/1 all causes since they were cleared.</summary>
public sealed class ResetControl
{
    public const uint Base = 0x4007F000;
    private const int StickyOffset = 8;

    private readonly byte[] source = [0, 0];
    private readonly byte[] sticky = [0, 0];

    /// <summary>Notes a cause; a core-only reset leaves no trace here.</summary>
    public void Note(ResetCause cause)
    {
        var (first, second) = cause switch
        {
            ResetCause.PowerOn => (0x82, 0x00), // POR, LVD
            ResetCause.Pin => (0x40, 0x00),
            ResetCause.Watchdog => (0x20, 0x00),
            ResetCause.Lockup => (0x00, 0x02),
            ResetCause.SystemResetRequest => (0x00, 0x04), // SW
            ResetCause.DebugPort => (0x00, 0x08), // MDM_AP
            _ => (0, 0),
        };
        if ((first | second) == 0)
            return;
        (source[0], source[1]) = ((byte)first, (byte)second);
        if (cause == ResetCause.PowerOn)
            (sticky[0], sticky[1]) = (0, 0);
        sticky[0] |= (byte)first;
        sticky[1] |= (byte)second;
    }

    public byte Read(uint offset) => offset switch
    {
        0 or 1 => source[offset],
        StickyOffset or StickyOffset + 1 => sticky[offset - StickyOffset],
        _ => 0,
    };

    /// <summary>Writing ones clears sticky bits.</summary>
    public void Write(uint offset, byte value)
    {
        if (offset is StickyOffset or StickyOffset + 1)
            sticky[offset - StickyOffset] &= (byte)~value;
    }
}
