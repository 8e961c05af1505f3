using System.Buffers.Binary;
using HilRig.Kboot;

namespace HilRig.Tests.VirtualBoard;

/// <summary>How a write ended.</summary>
/// <param name="Acknowledged">Bytes whose packets were plainly ACKed, what blhost prints as "Wrote N".</param>
/// <param name="Status">Of the final response.</param>
internal readonly record struct WriteOutcome(int Acknowledged, StatusCode Status);

/// <summary>A plain host for tests: one packet after the other, no cleverness, silence is a null.</summary>
internal sealed class KbootHost(BoardUnderTest board)
{
    /// <summary>Data packets that were sent again because the board did not like them.</summary>
    public int Resends { get; private set; }

    /// <summary>How long a silence lasts before it counts; 20 s cover an erase of everything.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(20);

    public bool Ping()
    {
        board.Send([0x5A, 0xA6]);
        return board.Receive(10, TimeSpan.FromSeconds(0.5)) is [0x5A, 0xA7, ..];
    }

    /// <summary>Command, ACK, response, ACK; the response's words, null when the board is silent.</summary>
    public uint[]? Command(CommandTag tag, params uint[] parameters)
    {
        SendCommand(tag, parameters);
        return board.Receive(2, Patience) is [0x5A, 0xA1] ? Response() : null;
    }

    public StatusCode? Status(CommandTag tag, params uint[] parameters) => Command(tag, parameters) is { } words ? (StatusCode)words[0] : null;

    public StatusCode? Erase(uint address, int length) => Status(CommandTag.FlashEraseRegion, address, (uint)(length + 0x1FFF) & ~0x1FFFu);

    /// <summary>Null when the board falls silent on the way.</summary>
    public WriteOutcome? Write(uint address, ReadOnlySpan<byte> data)
    {
        SendCommand(CommandTag.WriteMemory, address, (uint)data.Length);
        if (board.Receive(2, Patience) is not [0x5A, 0xA1] || Response() is null)
            return null;
        for (var at = 0; at < data.Length;)
        {
            SendFramed(PacketType.Data, data[at..Math.Min(at + 32, data.Length)]);
            switch (board.Receive(2, Patience))
            {
                case [0x5A, 0xA1]:
                    at += 32;
                    continue;
                case [0x5A, 0xA2]:
                    Resends++;
                    continue;
                case [0x5A, 0xA3]:
                    return new WriteOutcome(at, (StatusCode)Response()![0]);
                default:
                    return null;
            }
        }
        return Response() is { } final ? new WriteOutcome(data.Length, (StatusCode)final[0]) : null;
    }

    public byte[] Read(uint address, int length)
    {
        var read = new List<byte>();
        if (Command(CommandTag.ReadMemory, address, (uint)length) is null)
            return [];
        while (read.Count < length)
        {
            var data = Framed(PacketType.Data);
            if (data is null or [])
                break;
            read.AddRange(data);
        }
        Response();
        return [.. read];
    }

    /// <summary>As KinetisFlashTool does it: erase the region, write it.</summary>
    public WriteOutcome? Update(uint address, byte[] image) =>
        Erase(address, image.Length) is { } erased ? erased == StatusCode.Success ? Write(address, image) : new WriteOutcome(0, erased) : null;

    /// <summary>Resets by command and pings until the bootloader answers inside its window.</summary>
    public bool Reset()
    {
        Status(CommandTag.Reset);
        board.Run(TimeSpan.FromMilliseconds(200));
        return Ping();
    }

    public void SendCommand(CommandTag tag, params uint[] parameters)
    {
        var payload = new byte[Packet.MaxPayload];
        var flags = tag is CommandTag.WriteMemory or CommandTag.ReceiveSbFile ? CommandPacket.HasDataPhase : (byte)0;
        SendFramed(PacketType.Command, payload.AsSpan(0, new CommandPacket(tag, flags, parameters).Write(payload)));
    }

    public void SendFramed(PacketType type, ReadOnlySpan<byte> payload)
    {
        var frame = new byte[Packet.MaxFrame];
        board.Send(frame.AsSpan(0, PacketWriter.WriteFramed(frame, type, payload)));
    }

    public uint[]? Response()
    {
        if (Framed(PacketType.Command) is not { } payload || !CommandPacket.TryParse(payload, out var response))
            return null;
        return [.. Enumerable.Range(0, response.ParameterCount).Select(index => response[index])];
    }

    private byte[]? Framed(PacketType type)
    {
        var header = board.Receive(Packet.HeaderSize, Patience);
        if (header.Length < Packet.HeaderSize || header[1] != (byte)type)
            return null;
        var payload = board.Receive(BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(2)), Patience);
        board.Send([0x5A, 0xA1]);
        return payload;
    }
}
