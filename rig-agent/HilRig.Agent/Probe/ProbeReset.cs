namespace HilRig.Agent.Probe;

/// <summary>How the probe resets the board.</summary>
public enum ProbeReset
{
    /// <summary>The nRESET pin.</summary>
    Pin,

    /// <summary>AIRCR.SYSRESETREQ: everything but the debug logic.</summary>
    System,

    /// <summary>AIRCR.VECTRESET: the core alone; peripherals keep their state.</summary>
    Core,
}
