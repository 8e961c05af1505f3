using System.Buffers.Binary;

namespace HilRig.Kboot;

/// <summary>What the front of a receive buffer holds.</summary>
public enum ReadOutcome
{
    /// <summary>Too few bytes to tell; nothing is consumed.</summary>
    Incomplete,

    /// <summary>One packet with a matching CRC.</summary>
    Packet,

    /// <summary>One whole frame whose CRC does not match: answer NAK.</summary>
    BadCrc,

    /// <summary>Bytes that cannot begin a packet; skip them and look again.</summary>
    Junk,
}

/// <summary>Bytes to packets: looks at the front of a buffer and says what stands there. Keeps no state.</summary>
public static class PacketReader
{
    /// <summary>
    /// Reads the first unit of <paramref name="buffer"/>. <paramref name="consumed"/> is how many bytes to drop,
    /// whatever the outcome. Any bytes give an outcome; nothing throws.
    /// </summary>
    public static ReadOutcome Read(ReadOnlySpan<byte> buffer, out Packet packet, out int consumed)
    {
        packet = default;
        consumed = 0;
        if (buffer.IsEmpty)
            return ReadOutcome.Incomplete;
        if (buffer[0] != Packet.StartByte)
            return Skip(buffer, 0, out consumed);
        if (buffer.Length < 2)
            return ReadOutcome.Incomplete;

        var type = (PacketType)buffer[1];
        switch (type)
        {
            case PacketType.Ack or PacketType.Nak or PacketType.AckAbort or PacketType.Ping:
                packet = new Packet(type, default);
                consumed = 2;
                return ReadOutcome.Packet;
            case PacketType.PingResponse:
                return ReadPingResponse(buffer, out packet, out consumed);
            case PacketType.Command or PacketType.Data:
                return ReadFramed(buffer, type, out packet, out consumed);
            default:
                return Skip(buffer, 1, out consumed);
        }
    }

    private static ReadOutcome ReadPingResponse(ReadOnlySpan<byte> buffer, out Packet packet, out int consumed)
    {
        packet = default;
        consumed = 0;
        if (buffer.Length < Packet.PingResponseSize)
            return ReadOutcome.Incomplete;
        consumed = Packet.PingResponseSize;
        if (BinaryPrimitives.ReadUInt16LittleEndian(buffer[8..]) != Crc16.Append(0, buffer[..8]))
            return ReadOutcome.BadCrc;
        packet = new Packet(PacketType.PingResponse, buffer[2..8]);
        return ReadOutcome.Packet;
    }

    private static ReadOutcome ReadFramed(ReadOnlySpan<byte> buffer, PacketType type, out Packet packet, out int consumed)
    {
        packet = default;
        consumed = 0;
        if (buffer.Length < Packet.HeaderSize)
            return ReadOutcome.Incomplete;
        var length = BinaryPrimitives.ReadUInt16LittleEndian(buffer[2..]);
        if (length > Packet.MaxPayload)
        {
            consumed = Packet.HeaderSize;
            return ReadOutcome.BadCrc;
        }
        if (buffer.Length < Packet.HeaderSize + length)
            return ReadOutcome.Incomplete;

        consumed = Packet.HeaderSize + length;
        var payload = buffer.Slice(Packet.HeaderSize, length);
        if (BinaryPrimitives.ReadUInt16LittleEndian(buffer[4..]) != Crc16.Append(Crc16.Append(0, buffer[..4]), payload))
            return ReadOutcome.BadCrc;
        packet = new Packet(type, payload);
        return ReadOutcome.Packet;
    }

    /// <summary>Drops bytes up to the next start byte at or after <paramref name="from"/>.</summary>
    private static ReadOutcome Skip(ReadOnlySpan<byte> buffer, int from, out int consumed)
    {
        var next = buffer[from..].IndexOf(Packet.StartByte);
        consumed = next < 0 ? buffer.Length : from + next;
        return ReadOutcome.Junk;
    }
}
