using HilRig.Kboot;

namespace HilRig.Agent.Bootloader;

/// <summary>The device said no: a status other than success in a packet whose CRC matched.</summary>
/// <param name="command">What was asked.</param>
/// <param name="status">What it answered.</param>
/// <param name="bytesTransferred">Bytes of the data phase that were acknowledged before; 0 without one.</param>
public sealed class BootloaderStatusException(CommandTag command, StatusCode status, int bytesTransferred)
    : Exception($"{command} ended with status {(uint)status} {status.ToManualName()}{After(bytesTransferred)}")
{
    public CommandTag Command { get; } = command;

    public StatusCode Status { get; } = status;

    public int BytesTransferred { get; } = bytesTransferred;

    /// <summary>The command as it was sent; null where nobody noted it.</summary>
    public CommandPacket? Asked { get; set; }

    private static string After(int bytes) => bytes > 0 ? $" after {bytes} bytes" : "";
}
