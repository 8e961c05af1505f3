namespace HilRig.Agent.Probe;

/// <summary>The debug probe, or pyOCD, did not do what was asked.</summary>
public sealed class ProbeException(string message, bool isWorthRestart, Exception? inner = null) : RigException("probe", message, inner)
{
    /// <summary>A new pyOCD process may do better: the last one hung, crashed or lost its place in the conversation.</summary>
    public bool IsWorthRestart { get; } = isWorthRestart;
}
