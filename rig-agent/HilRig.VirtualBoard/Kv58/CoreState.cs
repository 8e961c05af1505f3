namespace HilRig.VirtualBoard.Kv58;

/// <summary>What the core is doing, as DHCSR tells it.</summary>
public enum CoreState
{
    /// <summary>Held in reset, or without power.</summary>
    InReset,
    Running,

    /// <summary>Debug state.</summary>
    Halted,
    LockedUp,

    /// <summary>Runs code that a debugger pointed it to; the firmware model stands still meanwhile.</summary>
    Astray,
}
