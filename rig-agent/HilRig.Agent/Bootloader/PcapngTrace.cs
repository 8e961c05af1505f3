using System.Buffers.Binary;
using System.Text;

namespace HilRig.Agent.Bootloader;

/// <summary>
/// A link trace as pcapng (draft-ietf-opsawg-pcapng): one interface of link type USER0 (147), one enhanced packet block per
/// entry, nanoseconds, direction in <c>epb_flags</c>, the entry in words as its comment. Packet data:
/// <code>direction (0 host to device, 1 back) | kind (0 packet, 1 bad CRC, 2 truncated, 3 junk) | resend | 0 | bytes on the wire</code>
/// </summary>
public static class PcapngTrace
{
    private const uint SectionHeader = 0x0A0D0D0A;
    private const uint ByteOrderMagic = 0x1A2B3C4D;
    private const uint InterfaceDescription = 1;
    private const uint EnhancedPacket = 6;
    private const ushort LinkTypeUser0 = 147;
    private const ushort CommentOption = 1;
    private const ushort InterfaceNameOption = 2;
    private const ushort FlagsOption = 2;
    private const ushort TimeResolutionOption = 9;
    private const int PrefixSize = 4;

    public static void Write(LinkTrace trace, Stream output)
    {
        WriteBlock(output, SectionHeader, body =>
        {
            Put32(body, ByteOrderMagic);
            Put16(body, 1);
            Put16(body, 0);
            Put64(body, ulong.MaxValue);
        });
        WriteBlock(output, InterfaceDescription, body =>
        {
            Put16(body, LinkTypeUser0);
            Put16(body, 0);
            Put32(body, 0);
            PutOption(body, InterfaceNameOption, "kboot"u8);
            PutOption(body, TimeResolutionOption, [9]);
            Put32(body, 0);
        });
        foreach (var packet in trace.Snapshot())
            WriteBlock(output, EnhancedPacket, body => PutPacket(body, trace.OpenedAt, packet));
    }

    private static void PutPacket(MemoryStream body, DateTimeOffset opened, TracedPacket packet)
    {
        var nanoseconds = (ulong)(opened + packet.At - DateTimeOffset.UnixEpoch).Ticks * 100;
        Put32(body, 0);
        Put32(body, (uint)(nanoseconds >> 32));
        Put32(body, (uint)nanoseconds);
        Put32(body, (uint)(PrefixSize + packet.Bytes.Length));
        Put32(body, (uint)(PrefixSize + packet.Length));
        body.Write([(byte)packet.Direction, (byte)packet.Kind, (byte)packet.Resend, 0]);
        body.Write(packet.Bytes);
        Pad(body);
        PutOption(body, FlagsOption, [packet.Direction == LinkDirection.DeviceToHost ? (byte)1 : (byte)2, 0, 0, 0]);
        PutOption(body, CommentOption, Encoding.UTF8.GetBytes(packet.Describe()));
        Put32(body, 0);
    }

    /// <summary><code>type | total length | body | total length</code></summary>
    private static void WriteBlock(Stream output, uint type, Action<MemoryStream> fill)
    {
        using var body = new MemoryStream();
        fill(body);
        Pad(body);
        using var block = new MemoryStream();
        Put32(block, type);
        Put32(block, (uint)body.Length + 12);
        body.WriteTo(block);
        Put32(block, (uint)body.Length + 12);
        block.WriteTo(output);
    }

    private static void PutOption(MemoryStream body, ushort code, ReadOnlySpan<byte> value)
    {
        Put16(body, code);
        Put16(body, (ushort)value.Length);
        body.Write(value);
        Pad(body);
    }

    private static void Pad(MemoryStream body)
    {
        while (body.Length % 4 != 0)
            body.WriteByte(0);
    }

    private static void Put16(MemoryStream body, ushort value)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
        body.Write(bytes);
    }

    private static void Put32(MemoryStream body, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        body.Write(bytes);
    }

    private static void Put64(MemoryStream body, ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        body.Write(bytes);
    }
}
