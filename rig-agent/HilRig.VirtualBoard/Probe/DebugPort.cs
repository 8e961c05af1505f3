using HilRig.VirtualBoard.Kv58;

namespace HilRig.VirtualBoard.Probe;

/// <summary>
/// The SW-DP: power-up handshake, sticky errors and the way to the access ports (facts: pyocd §3.1). Several clients share
/// it, as several debuggers would share one chip.
/// </summary>
/// <remarks>
/// DPIDR r 0 / ABORT w 0 · CTRL/STAT 4 (CSYSPWRUPACK 31, REQ 30, CDBGPWRUPACK 29, REQ 28, STICKYERR 5) ·
/// RESEND r 8 / SELECT w 8 · RDBUFF r C. An access-port address is APSEL[31:24], register[7:0].
/// </remarks>
internal sealed class DebugPort(IDebugTarget target)
{
    private const uint PowerUpRequests = 0x50000000;
    private const uint DebugPowerUp = 1 << 28;
    private const uint StickyError = 1 << 5;
    private const uint StickyErrorClear = 1 << 2;
    private const uint WritableControl = 0x50000F0C;

    private readonly IAccessPort[] accessPorts = [new MemoryAccessPort(target), new MdmAccessPort(target)];
    private uint control;
    private uint select;
    private uint lastRead;
    private bool hasStickyError;
    private int powerUps;

    /// <exception cref="ProbeRefusalException">The chip does not answer.</exception>
    public uint Read(uint address)
    {
        lock (target.Gate)
        {
            RequireAnswer();
            return (address & 0xC) switch
            {
                0x0 => CoreIdentification.DebugPort,
                0x4 when (select & 0xF) == 0 => Status,
                0x4 => 0,
                _ => lastRead,
            };
        }
    }

    /// <exception cref="ProbeRefusalException">The chip does not answer.</exception>
    public void Write(uint address, uint value)
    {
        lock (target.Gate)
        {
            RequireAnswer();
            switch (address & 0xC)
            {
                case 0x0: hasStickyError &= (value & StickyErrorClear) == 0; break;
                case 0x4 when (select & 0xF) == 0: control = value & WritableControl; break;
                case 0x8: select = value; break;
            }
        }
    }

    /// <exception cref="ProbeRefusalException">The chip does not answer, or the access faults.</exception>
    public void ReadAccessPort(uint address, Span<uint> values)
    {
        lock (target.Gate)
        {
            RequireAccess();
            var port = PortAt(address);
            if (port is null) values.Clear();
            else if (!port.TryRead(address & 0xFC, values)) throw Sticky();
            if (values.Length > 0) lastRead = values[^1];
        }
    }

    /// <exception cref="ProbeRefusalException">The chip does not answer, or the access faults.</exception>
    public void WriteAccessPort(uint address, ReadOnlySpan<uint> values)
    {
        lock (target.Gate)
        {
            RequireAccess();
            var port = PortAt(address);
            foreach (var value in values)
                if (port is not null && !port.TryWrite(address & 0xFC, value)) throw Sticky();
        }
    }

    private uint Status => control | (control & PowerUpRequests) << 1 | (hasStickyError ? StickyError : 0);

    private IAccessPort? PortAt(uint address) => address >> 24 < accessPorts.Length ? accessPorts[address >> 24] : null;

    private void RequireAnswer()
    {
        if (!target.IsPowered) throw ProbeRefusalException.NoAck();
        if (powerUps == target.Core.PowerUps) return;
        powerUps = target.Core.PowerUps;
        control = select = lastRead = 0;
        hasStickyError = false;
        accessPorts[0] = new MemoryAccessPort(target);
        accessPorts[1] = new MdmAccessPort(target);
    }

    private void RequireAccess()
    {
        RequireAnswer();
        if ((control & DebugPowerUp) == 0 || hasStickyError) throw Sticky();
    }

    private ProbeRefusalException Sticky()
    {
        hasStickyError = true;
        return ProbeRefusalException.Fault();
    }
}
