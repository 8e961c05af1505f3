using System.Buffers.Binary;
using HilRig.Kboot;

namespace HilRig.VirtualBoard.Bootloader;

/// <summary>The response packets. When the host does not ACK one, the device goes back to its commands without a word.</summary>
internal sealed class Responses(PacketPort port, BoardLog? log)
{
    private readonly byte[] payload = new byte[Packet.MaxPayload];

    public ValueTask<StatusCode> GenericAsync(StatusCode status, CommandTag answered)
    {
        log?.Write($"status {(uint)status} for {answered.ToManualName()}");
        return SendAsync(new CommandPacket(CommandTag.GenericResponse, 0, (uint)status, (uint)answered));
    }

    /// <summary>Announces a data phase of <paramref name="count"/> bytes.</summary>
    public ValueTask<StatusCode> DataFollowsAsync(CommandTag response, uint count) =>
        SendAsync(new CommandPacket(response, CommandPacket.HasDataPhase, 0, count));

    public ValueTask<StatusCode> PropertyAsync(PropertyStore properties, uint tag, uint index)
    {
        Span<uint> words = stackalloc uint[1 + PropertyStore.MaxWords];
        var count = properties.Get(tag, index, words[1..]);
        words[0] = (uint)(count == 0 ? StatusCode.UnknownProperty : StatusCode.Success);
        return SendAsync(new CommandPacket(CommandTag.GetPropertyResponse, 0, words[..(1 + count)]));
    }

    public ValueTask<StatusCode> OnceAsync(StatusCode status, uint count, ReadOnlySpan<byte> record)
    {
        Span<uint> words = stackalloc uint[CommandPacket.MaxParameters];
        words[0] = (uint)status;
        words[1] = count;
        var size = 2;
        for (var at = 0; at + 4 <= record.Length && at < count; at += 4)
            words[size++] = BinaryPrimitives.ReadUInt32LittleEndian(record[at..]);
        return SendAsync(new CommandPacket(CommandTag.FlashReadOnceResponse, 0, words[..size]));
    }

    private ValueTask<StatusCode> SendAsync(CommandPacket response)
    {
        var size = response.Write(payload);
        return port.WriteAsync(PacketType.Command, payload.AsMemory(0, size));
    }
}
