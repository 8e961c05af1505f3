namespace HilRig.Agent.Probe;

/// <summary>The flash controller itself reports that the array did not erase or program: the board's, not the probe's.</summary>
public sealed class FlashFailureException(string message) : Exception(message);
