namespace HilRig.Agent.Probe;

/// <summary>How a session begins; pyOCD's <c>-M</c> and <c>-N</c>.</summary>
public enum ConnectMode
{
    /// <summary>The core runs on. The only mode that does not change what it came to look at.</summary>
    Attach,

    /// <summary>The core is halted.</summary>
    Halt,

    /// <summary>A reset first, then as <see cref="Attach"/>.</summary>
    PreReset,

    /// <summary>Reset is held while connecting and the core is halted after it: for a part that locks up, sleeps or loops in reset.</summary>
    UnderReset,

    /// <summary>Debug port only, no core is looked for: for a part that is secured.</summary>
    DebugPortOnly,
}
