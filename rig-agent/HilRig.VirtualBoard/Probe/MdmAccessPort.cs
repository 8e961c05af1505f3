using HilRig.VirtualBoard.Kv58;

namespace HilRig.VirtualBoard.Probe;

/// <summary>The MDM-AP of the Kinetis family: security, mass erase and reset from outside (facts: pyocd §3.5, kboot §5.2).</summary>
/// <remarks>
/// STATUS 00: 0 mass-erase ack, 1 flash ready, 2 secured, 3 not in reset, 4 one, 5 mass erase enabled, 6 backdoor enabled,
/// 16 core halted · CTRL 04: 0 mass erase, 1 debug disable, 2 debug request, 3 system reset, 4 core hold · IDR FC.
/// </remarks>
internal sealed class MdmAccessPort(IDebugTarget target) : IAccessPort
{
    private const uint MassErase = 1 << 0;
    private const uint DebugRequest = 1 << 2;
    private const uint SystemReset = 1 << 3;
    private const uint CoreHold = 1 << 4;
    private const uint ControlBits = 0x1F;

    private uint control;
    private bool isMassEraseAcknowledged;

    public bool TryRead(uint register, out uint value)
    {
        if (isMassEraseAcknowledged && target.IsFlashReady) control &= ~MassErase;
        value = register switch
        {
            0x00 => Status,
            0x04 => control,
            0xFC => target.MdmIdentification,
            _ => 0,
        };
        return true;
    }

    public bool TryWrite(uint register, uint value)
    {
        if (register != 0x04) return true;
        var before = control;
        control = value & (target.IsSecured ? MassErase : ControlBits);
        if ((control & ~before & MassErase) != 0) StartMassErase();

        target.Core.HoldAfterReset = (control & (CoreHold | SystemReset)) != 0;
        target.Core.ExternalHaltRequest = (control & DebugRequest) != 0;
        if ((control & ~before & SystemReset) != 0) target.Reset(ResetCause.DebugPort);
        return true;
    }

    private uint Status =>
        1u << 4
        | (isMassEraseAcknowledged ? 1u << 0 : 0)
        | (target.IsFlashReady ? 1u << 1 : 0)
        | (target.IsSecured ? 1u << 2 : 0)
        | (IsInReset ? 0 : 1u << 3)
        | (target.IsMassEraseEnabled ? 1u << 5 : 0)
        | (target.IsBackdoorEnabled ? 1u << 6 : 0)
        | (target.Core.IsHalted ? 1u << 16 : 0);

    private bool IsInReset => target.IsHeldInReset || (control & SystemReset) != 0;

    /// <summary>A part that forbids it never acknowledges; the request bit stays as a sign of that.</summary>
    private void StartMassErase()
    {
        isMassEraseAcknowledged = target.IsMassEraseEnabled && target.IsFlashReady;
        if (isMassEraseAcknowledged) target.MassErase();
    }
}
