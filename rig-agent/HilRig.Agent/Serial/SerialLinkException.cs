namespace HilRig.Agent.Serial;

/// <summary>The serial port itself failed: missing, busy, unplugged, unable. The rig's fault, never the board's.</summary>
public sealed class SerialLinkException(string device, string observation, string remedy)
    : IOException($"serial port {device}: {observation}; {remedy}")
{
    public string Device { get; } = device;

    public string Observation { get; } = observation;

    public string Remedy { get; } = remedy;
}
