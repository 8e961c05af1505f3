namespace HilRig.Agent.Bootloader;

/// <summary>Bytes came that make no sense where they came, or damage went on beyond the bound.</summary>
public sealed class LinkProtocolException(string message) : Exception(message);
