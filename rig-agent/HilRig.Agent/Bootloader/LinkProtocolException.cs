namespace HilRig.Agent.Bootloader;

/// <summary>Bytes came that make no sense where they came, or damage went on beyond the bound.</summary>
/// <param name="message">What came and what was due.</param>
/// <param name="operation">The command or "ping", without the accidents of this time.</param>
public sealed class LinkProtocolException(string message, string operation = "link") : Exception(message)
{
    public string Operation { get; } = operation;
}
