using HilRig.Agent.Serial;
using HilRig.Kboot;

namespace HilRig.Bench.Kboot;

/// <summary>The bytes of an erase-all and a write-memory, sent as they were prepared; of the answers only the number of bytes is awaited.</summary>
internal sealed class ReplayedWrite : IDisposable
{
    private const int AckAndResponse = 2 + Packet.HeaderSize + 12;
    private static readonly byte[] Ack = [Packet.StartByte, (byte)PacketType.Ack];

    private readonly ISerialLink link;
    private readonly byte[] answer = new byte[256];
    private readonly byte[] eraseAll;
    private readonly byte[] writeMemory;
    private readonly byte[] data;
    private readonly int packets;

    public ReplayedWrite(ISerialLink link, uint address, int size)
    {
        this.link = link;
        packets = size / Packet.MaxPayload;
        eraseAll = Command(new CommandPacket(CommandTag.FlashEraseAll, 0, 0));
        writeMemory = Command(new CommandPacket(CommandTag.WriteMemory, CommandPacket.HasDataPhase, address, (uint)size));
        data = Frame(PacketType.Data, new byte[Packet.MaxPayload]);
        Exchange([Packet.StartByte, (byte)PacketType.Ping], Packet.PingResponseSize);
    }

    public void Erase() => Run(eraseAll);

    public void Write()
    {
        Run(writeMemory);
        for (var packet = 1; packet < packets; packet++)
            Exchange(data, Ack.Length);
        Run(data);
    }

    public void Dispose() => link.Dispose();

    private void Run(byte[] frame)
    {
        Exchange(frame, AckAndResponse);
        link.Write(Ack);
    }

    private void Exchange(ReadOnlySpan<byte> bytes, int answered)
    {
        link.Write(bytes);
        for (var got = 0; got < answered;)
        {
            var count = link.Read(answer, TimeSpan.FromSeconds(5));
            got += count > 0 ? count : throw new TimeoutException($"{got} bytes came where {answered} were due");
        }
    }

    private static byte[] Command(CommandPacket command)
    {
        Span<byte> payload = stackalloc byte[Packet.MaxPayload];
        return Frame(PacketType.Command, payload[..command.Write(payload)]);
    }

    private static byte[] Frame(PacketType type, ReadOnlySpan<byte> payload)
    {
        var frame = new byte[Packet.MaxFrame];
        return frame[..PacketWriter.WriteFramed(frame, type, payload)];
    }
}
