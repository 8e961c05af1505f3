namespace HilRig.VirtualBoard.Probe;

/// <summary>Status codes of pyOCD's remote probe protocol, version 1 (facts: pyocd §2.1).</summary>
public enum ProbeStatus
{
    Ok = 0,
    Error = 1,
    ProbeDisconnected = 2,
    ProbeError = 3,

    /// <summary>The target drove no acknowledge.</summary>
    NoAck = 10,
    Wait = 11,
    Fault = 12,
}

/// <summary>A request that the probe never answers.</summary>
public sealed class ProbeSilenceException : Exception;

/// <summary>A request that the probe answers with a status other than <see cref="ProbeStatus.Ok"/>.</summary>
public sealed class ProbeRefusalException(ProbeStatus status, string message) : Exception(message)
{
    public ProbeStatus Status { get; } = status;

    public static ProbeRefusalException NoAck() => new(ProbeStatus.NoAck, "No ACK received");

    public static ProbeRefusalException Wait() => new(ProbeStatus.Wait, "WAIT ACK received");

    public static ProbeRefusalException Fault() => new(ProbeStatus.Fault, "FAULT ACK received");
}
