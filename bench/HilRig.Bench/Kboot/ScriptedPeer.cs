using HilRig.Kboot;
using HilRig.VirtualBoard;

namespace HilRig.Bench.Kboot;

/// <summary>
/// The far end of a pseudo-terminal that says yes to everything and checks nothing: enough of KBOOT that a client's write
/// runs through. Frames are told apart by their type byte only, since a client sends one at a time.
/// </summary>
internal sealed class ScriptedPeer : IDisposable
{
    private readonly Pty pty = new();
    private readonly byte[] reply = new byte[64];
    private readonly Thread thread;
    private uint remaining;
    private volatile bool isEnding;

    public ScriptedPeer()
    {
        thread = new Thread(Serve) { IsBackground = true, Name = "scripted peer" };
        thread.Start();
    }

    public string Device => pty.Path;

    public void Dispose()
    {
        isEnding = true;
        pty.Wake();
        thread.Join();
        pty.Dispose();
    }

    private void Serve()
    {
        Span<byte> incoming = stackalloc byte[4096];
        while (!isEnding)
        {
            var count = pty.Read(incoming);
            if (count > 1)
                Answer(incoming[..count]);
            else
                pty.Wait(Timeout.InfiniteTimeSpan);
        }
    }

    private void Answer(ReadOnlySpan<byte> frame)
    {
        // An ACK and the next command may come in one read.
        if (frame.Length > 2 && frame[1] == (byte)PacketType.Ack)
            frame = frame[2..];
        var size = (PacketType)frame[1] switch
        {
            PacketType.Ping => PacketWriter.WritePingResponse(reply, new PingResponse(new VersionWord(0x50010200), 0)),
            PacketType.Command => AnswerCommand(frame[Packet.HeaderSize..]),
            PacketType.Data => AnswerData(frame.Length - Packet.HeaderSize),
            _ => 0,
        };
        if (size > 0)
            pty.Write(reply.AsSpan(0, size));
    }

    private int AnswerCommand(ReadOnlySpan<byte> payload)
    {
        if (!CommandPacket.TryParse(payload, out var command))
            return 0;
        remaining = command[1];
        return AckAndResponse(command.Tag);
    }

    private int AnswerData(int length)
    {
        remaining -= (uint)length;
        return remaining == 0 ? AckAndResponse(CommandTag.WriteMemory) : PacketWriter.WriteShort(reply, PacketType.Ack);
    }

    private int AckAndResponse(CommandTag tag)
    {
        Span<byte> payload = stackalloc byte[Packet.MaxPayload];
        var size = PacketWriter.WriteShort(reply, PacketType.Ack);
        var response = new CommandPacket(CommandTag.GenericResponse, 0, 0, (uint)tag);
        return size + PacketWriter.WriteFramed(reply.AsSpan(size), PacketType.Command, payload[..response.Write(payload)]);
    }
}
