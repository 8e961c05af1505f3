using System.Buffers.Binary;

namespace HilRig.Kboot;

/// <summary>Packets to bytes.</summary>
public static class PacketWriter
{
    /// <summary>Writes an ACK, NAK, ACK_ABORT or ping; returns 2.</summary>
    public static int WriteShort(Span<byte> frame, PacketType type)
    {
        frame[0] = Packet.StartByte;
        frame[1] = (byte)type;
        return 2;
    }

    /// <summary>
    /// Writes a command or data packet and returns its size:
    /// <code>5A | type | length lo hi | crc lo hi | payload[length]</code>
    /// The CRC covers everything but itself.
    /// </summary>
    public static int WriteFramed(Span<byte> frame, PacketType type, ReadOnlySpan<byte> payload)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payload.Length, Packet.MaxPayload);
        frame[0] = Packet.StartByte;
        frame[1] = (byte)type;
        BinaryPrimitives.WriteUInt16LittleEndian(frame[2..], (ushort)payload.Length);
        payload.CopyTo(frame[Packet.HeaderSize..]);
        var crc = Crc16.Append(Crc16.Append(0, frame[..4]), payload);
        BinaryPrimitives.WriteUInt16LittleEndian(frame[4..], crc);
        return Packet.HeaderSize + payload.Length;
    }

    /// <summary>Writes a ping response and returns its size: <code>5A A7 | bugfix minor major name | options lo hi | crc lo hi</code></summary>
    public static int WritePingResponse(Span<byte> frame, PingResponse response)
    {
        frame[0] = Packet.StartByte;
        frame[1] = (byte)PacketType.PingResponse;
        frame[2] = response.Protocol.Bugfix;
        frame[3] = response.Protocol.Minor;
        frame[4] = response.Protocol.Major;
        frame[5] = (byte)response.Protocol.Name;
        BinaryPrimitives.WriteUInt16LittleEndian(frame[6..], response.Options);
        BinaryPrimitives.WriteUInt16LittleEndian(frame[8..], Crc16.Append(0, frame[..8]));
        return Packet.PingResponseSize;
    }
}
