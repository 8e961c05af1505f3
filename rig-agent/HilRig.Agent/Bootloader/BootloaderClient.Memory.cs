using HilRig.Kboot;

namespace HilRig.Agent.Bootloader;

/// <content>Erase, write, fill, read.</content>
public sealed partial class BootloaderClient
{
    /// <summary>Erases all flash but the bootloader's own sectors.</summary>
    public Task FlashEraseAllAsync(CancellationToken cancellationToken) =>
        CommandAsync(CommandTag.FlashEraseAll, timeouts.Erase(timeouts.FlashSize), cancellationToken, 0);

    /// <summary>Erases every sector that the range touches. KV58: start and byte count are multiples of 32.</summary>
    public Task FlashEraseRegionAsync(uint start, uint byteCount, CancellationToken cancellationToken) =>
        CommandAsync(CommandTag.FlashEraseRegion, timeouts.Erase(byteCount), cancellationToken, start, byteCount);

    /// <summary>
    /// Erases all flash and lifts security. On a part whose bootloader lies in that flash it erases the bootloader too,
    /// after which nothing answers (facts: kboot §6.1).
    /// </summary>
    public Task FlashEraseAllUnsecureAsync(CancellationToken cancellationToken) =>
        CommandAsync(CommandTag.FlashEraseAllUnsecure, timeouts.Erase(timeouts.FlashSize), cancellationToken);

    /// <summary>Writes <paramref name="data"/> to flash (start a multiple of 32, erased before) or RAM.</summary>
    public Task WriteMemoryAsync(uint start, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        CommandAsync(
            token =>
            {
                var command = new CommandPacket(CommandTag.WriteMemory, CommandPacket.HasDataPhase, start, (uint)data.Length);
                SendData(command, data.Span, timeouts.Data, token);
                return true;
            },
            cancellationToken);

    /// <summary>Repeats the 32-bit <paramref name="pattern"/> over the range.</summary>
    public Task FillMemoryAsync(uint start, uint byteCount, uint pattern, CancellationToken cancellationToken) =>
        CommandAsync(CommandTag.FillMemory, timeouts.Program(byteCount), cancellationToken, start, byteCount, pattern);

    /// <summary>Reads as the core sees it, caches included.</summary>
    public Task<byte[]> ReadMemoryAsync(uint start, int byteCount, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(byteCount);
        return CommandAsync(
            token => ReceiveData(new CommandPacket(CommandTag.ReadMemory, 0, start, (uint)byteCount), CommandTag.ReadMemoryResponse, byteCount, token),
            cancellationToken);
    }

    /// <summary>Runs an SB file. A file that resets the device or jumps may end with 10002 kStatus_AbortDataPhase.</summary>
    public Task ReceiveSbFileAsync(ReadOnlyMemory<byte> file, CancellationToken cancellationToken) =>
        CommandAsync(
            token =>
            {
                var command = new CommandPacket(CommandTag.ReceiveSbFile, CommandPacket.HasDataPhase, (uint)file.Length);
                SendData(command, file.Span, timeouts.Erase(timeouts.FlashSize), token);
                return true;
            },
            cancellationToken);

    private void SendData(in CommandPacket command, ReadOnlySpan<byte> data, TimeSpan packetBudget, CancellationToken cancellationToken)
    {
        ThrowUnlessSuccess(command.Tag, exchange.Run(command, CommandTag.GenericResponse, timeouts.Command, cancellationToken));
        outgoing.Send(command.Tag, data, packetBudget, cancellationToken);
    }

    private byte[] ReceiveData(in CommandPacket command, CommandTag responseTag, int byteCount, CancellationToken cancellationToken)
    {
        var response = exchange.Run(command, responseTag, timeouts.Command, cancellationToken);
        ThrowUnlessSuccess(command.Tag, response);
        if (response.Tag != responseTag || response[1] != (uint)byteCount)
            throw new LinkProtocolException($"{PacketText.Describe(response)} does not announce the {byteCount} bytes that {command.Tag} asked for", command.Tag.ToManualName());
        var data = new byte[byteCount];
        incoming.Receive(command.Tag, data, cancellationToken);
        return data;
    }
}
