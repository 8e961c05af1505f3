namespace HilRig.Agent.Bootloader;

/// <summary>A deadline passed. Alone it says nothing about whose fault that is.</summary>
/// <param name="missing">What did not come, as in "no ACK for FlashEraseRegion".</param>
/// <param name="waited">How long it was waited for.</param>
/// <param name="bytesReceived">Bytes that came in that time and were not it.</param>
/// <param name="note">What else is known, or empty.</param>
/// <param name="operation">The command or "ping", without the accidents of this time.</param>
public sealed class LinkSilenceException(string missing, TimeSpan waited, long bytesReceived, string note = "", string operation = "link")
    : Exception($"{missing} within {waited.TotalSeconds:0.###} s ({bytesReceived} bytes received){note}")
{
    public string Operation { get; } = operation;

    public TimeSpan Waited { get; } = waited;

    public long BytesReceived { get; } = bytesReceived;
}
