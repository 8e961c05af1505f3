namespace HilRig.Agent;

/// <summary>The rig itself failed: probe, supply, serial device, disk. Never the board's fault; ends in verdict Error.</summary>
public class RigException(string subject, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The part of the rig: <c>probe</c>, <c>serial</c>, <c>power</c>.</summary>
    public string Subject { get; } = subject;

    /// <summary>The failure's code; <c>rig</c> unless a kind of failure has its own.</summary>
    public string Code { get; init; } = "rig";
}
