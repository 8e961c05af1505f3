namespace HilRig.Agent.Probe;

/// <summary>What the core is doing.</summary>
public enum CoreCondition
{
    Running,
    Halted,
    Sleeping,
    LockedUp,
    InReset,
}

/// <summary>DHCSR: S_RESET_ST 25, S_RETIRE_ST 24, S_LOCKUP 19, S_SLEEP 18, S_HALT 17 (Armv7-M ARM, C1.6.2).</summary>
public readonly record struct CoreStatus(uint Dhcsr)
{
    /// <summary>In the order in which pyOCD decides, too.</summary>
    public CoreCondition Condition =>
        Has(25) && !Has(24) ? CoreCondition.InReset
        : Has(19) ? CoreCondition.LockedUp
        : Has(18) ? CoreCondition.Sleeping
        : Has(17) ? CoreCondition.Halted
        : CoreCondition.Running;

    public override string ToString() => $"{Places.KebabCase.From(Condition.ToString())} (DHCSR 0x{Dhcsr:X8})";

    private bool Has(int bit) => (Dhcsr >> bit & 1) != 0;
}
