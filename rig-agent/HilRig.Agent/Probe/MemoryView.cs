namespace HilRig.Agent.Probe;

/// <summary>Which memory the probe reads; HPROT of the AHB-AP decides.</summary>
public enum MemoryView
{
    /// <summary>Non-cacheable: the flash array.</summary>
    Array,

    /// <summary>Cacheable: what the core sees through its L1 D-cache.</summary>
    Core,
}
