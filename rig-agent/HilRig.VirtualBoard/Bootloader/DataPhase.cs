using HilRig.Kboot;

namespace HilRig.VirtualBoard.Bootloader;

/// <summary>Data in either direction, between an initial response and the final generic one (facts: kboot §1.5).</summary>
internal sealed class DataPhase(PacketPort port, MappedMemory memory, FlashDriver driver, Responses responses)
{
    private readonly byte[] part = new byte[Packet.MaxPayload];

    public ValueTask SendMemoryAsync(uint address, uint count) =>
        SendAsync(CommandTag.ReadMemory, CommandTag.ReadMemoryResponse, count, (done, to) => memory.ReadAsync(address + done, to));

    public ValueTask SendResourceAsync(uint address, uint count, byte option) =>
        SendAsync(CommandTag.FlashReadResource, CommandTag.FlashReadResourceResponse, count, async (done, to) =>
        {
            var status = StatusCode.Success;
            for (var at = 0; at < to.Length && status == StatusCode.Success; at += 8)
                status = await driver.ReadResourceAsync(address + done + (uint)at, option, to[at..]);
            return status;
        });

    public async ValueTask ReceiveMemoryAsync(uint address, uint count)
    {
        if (await responses.GenericAsync(StatusCode.Success, CommandTag.WriteMemory) != StatusCode.Success)
            return;
        var (done, status) = await ReceiveAsync(count, (at, data) => memory.WriteAsync(address + at, data));
        var flushed = await memory.FlushAsync();
        await responses.GenericAsync(status == StatusCode.Success ? flushed : status, CommandTag.WriteMemory);
    }

    public async ValueTask ReceiveSbFileAsync(uint count)
    {
        if (await responses.GenericAsync(StatusCode.Success, CommandTag.ReceiveSbFile) != StatusCode.Success)
            return;
        var (_, status) = await ReceiveAsync(count, (at, data) => ValueTask.FromResult(CheckSbFile(at, data.Span)));
        await responses.GenericAsync(status == StatusCode.Success ? KeyNotFound : status, CommandTag.ReceiveSbFile);
    }

    /// <summary>kStatusRomLdrKeyNotFound: no key of ours opens any file.</summary>
    private const StatusCode KeyNotFound = (StatusCode)10112;

    /// <summary>Only the signature of the header, "STMP" at 0x14, is looked at; every file then lacks its key.</summary>
    private static StatusCode CheckSbFile(uint at, ReadOnlySpan<byte> data) =>
        at > 0 || (data.Length >= 0x18 && data[0x14..0x18].SequenceEqual("STMP"u8)) ? StatusCode.Success : StatusCode.RomLdrSignature;

    /// <summary>
    /// Takes data packets until <paramref name="count"/> bytes are there. An error before the last packet is answered with
    /// ACK_ABORT; on the last one the packet is plainly ACKed and only the final response tells.
    /// </summary>
    private async ValueTask<(uint Done, StatusCode Status)> ReceiveAsync(uint count, Func<uint, ReadOnlyMemory<byte>, ValueTask<StatusCode>> take)
    {
        for (var done = 0u; done < count;)
        {
            var status = await port.ReadAsync(PacketType.Data);
            if (status != StatusCode.Success)
            {
                port.AbortDataPhase();
                return (done, status);
            }
            if (port.Payload.IsEmpty)
                return (done, StatusCode.AbortDataPhase);
            var data = port.Payload[..(int)Math.Min((uint)port.Payload.Length, count - done)];
            status = await take(done, data);
            done += (uint)data.Length;
            if (status != StatusCode.Success)
            {
                if (done < count)
                    port.AbortDataPhase();
                return (done, status);
            }
        }
        return (count, StatusCode.Success);
    }

    private async ValueTask SendAsync(CommandTag command, CommandTag response, uint count, Func<uint, Memory<byte>, ValueTask<StatusCode>> fetch)
    {
        if (await responses.DataFollowsAsync(response, count) != StatusCode.Success)
            return;
        var status = StatusCode.Success;
        for (var done = 0u; done < count && status == StatusCode.Success;)
        {
            var now = part.AsMemory(0, (int)Math.Min((uint)part.Length, count - done));
            status = await fetch(done, now);
            if (status != StatusCode.Success)
            {
                // The device's way to end a read early: an empty data packet, then the error.
                await port.WriteAsync(PacketType.Data, default);
                break;
            }
            status = await port.WriteAsync(PacketType.Data, now);
            done += (uint)now.Length;
        }
        await responses.GenericAsync(status, command);
    }
}
