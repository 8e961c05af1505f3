namespace HilRig.Agent.Probe;

/// <summary>
/// STATUS of the MDM-AP of a Kinetis part, readable also where the part is secured:
/// <code>0 mass-erase ack  1 flash ready  2 secured  3 not in reset  5 mass erase enabled  6 backdoor key enabled  16 core halted</code>
/// A blank or crashing part in a reset loop may look secured: believe it only with flash ready.
/// </summary>
public readonly record struct MdmStatus(uint Value)
{
    public bool IsMassEraseAcknowledged => Has(0);

    public bool IsFlashReady => Has(1);

    public bool IsSecured => Has(2);

    public bool IsInReset => !Has(3);

    public bool IsMassEraseEnabled => Has(5);

    public bool IsBackdoorEnabled => Has(6);

    public bool IsCoreHalted => Has(16);

    public override string ToString() => string.Join(", ",
        $"0x{Value:X8}: {(IsSecured ? "secured" : "not secured")}",
        IsFlashReady ? "flash ready" : "flash not ready",
        IsInReset ? "in reset" : "not in reset",
        IsMassEraseEnabled ? "mass erase enabled" : "mass erase disabled",
        IsCoreHalted ? "core halted" : "core not halted");

    private bool Has(int bit) => (Value >> bit & 1) != 0;
}
