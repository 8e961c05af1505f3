using System.Buffers.Binary;
using HilRig.Kboot;
using HilRig.VirtualBoard.Kv58;

namespace HilRig.VirtualBoard.Bootloader;

/// <summary>
/// The device's side of the serial framing: budgets per field, ACKs deferred to the next read or write, NAK and resend
/// without limit (facts: kboot §1.3).
/// </summary>
internal sealed class PacketPort(Kv58Chip chip)
{
    private const int TimedOut = -1;
    private static readonly TimeSpan PerByte = TimeSpan.FromMilliseconds(10);
    private static readonly PingResponse Identity = new(new VersionWord(0x50010200), 0);

    private readonly byte[] received = new byte[Packet.MaxPayload];
    private readonly byte[] header = new byte[Packet.HeaderSize];
    private readonly byte[] frame = new byte[Packet.MaxFrame];
    private readonly byte[] small = new byte[Packet.PingResponseSize];
    private PacketType? deferred;

    /// <summary>Payload of the last packet read.</summary>
    public ReadOnlyMemory<byte> Payload { get; private set; }

    /// <summary>The packet just read will be answered with ACK_ABORT instead of ACK.</summary>
    public void AbortDataPhase() => deferred = PacketType.AckAbort;

    /// <summary>Reads one packet. Not Success: Timeout inside it, Fail for another type, Ping for a ping where data were due.</summary>
    public async ValueTask<StatusCode> ReadAsync(PacketType expected)
    {
        SendDeferred();
        for (;;)
        {
            var type = await ReadTypeAsync();
            if (type == TimedOut)
                return StatusCode.Timeout;
            if (type == (int)PacketType.Ping)
            {
                chip.Uart.Transmit(small.AsMemory(0, PacketWriter.WritePingResponse(small, Identity)));
                if (expected == PacketType.Data)
                    return StatusCode.Ping;
                continue;
            }
            if (type != (int)expected)
                return StatusCode.Fail;
            if (!await FillAsync(header.AsMemory(2, 2)) || !await FillAsync(header.AsMemory(4, 2)))
                return StatusCode.Timeout;
            header[1] = (byte)type;
            var length = ClipLength();
            if (!await FillAsync(received.AsMemory(0, length)))
                return StatusCode.Timeout;
            if (!IsCrcGood(length))
            {
                SendShort(PacketType.Nak);
                continue;
            }
            deferred = PacketType.Ack;
            Payload = received.AsMemory(0, length);
            return StatusCode.Success;
        }
    }

    /// <summary>Writes one packet and waits for its ACK, without limit. Not Success: AbortDataPhase, Timeout inside the answer, Fail for anything else.</summary>
    public async ValueTask<StatusCode> WriteAsync(PacketType type, ReadOnlyMemory<byte> payload)
    {
        SendDeferred();
        var size = PacketWriter.WriteFramed(frame, type, payload.Span);
        for (;;)
        {
            chip.Uart.Transmit(frame.AsMemory(0, size));
            switch (await ReadTypeAsync())
            {
                case (int)PacketType.Ack:
                    return StatusCode.Success;
                case (int)PacketType.Nak:
                    continue;
                case (int)PacketType.AckAbort:
                    return StatusCode.AbortDataPhase;
                case TimedOut:
                    return StatusCode.Timeout;
                default:
                    return StatusCode.Fail;
            }
        }
    }

    private void SendDeferred()
    {
        if (deferred is { } answer)
            SendShort(answer);
        deferred = null;
    }

    private void SendShort(PacketType type) => chip.Uart.Transmit(small.AsMemory(0, PacketWriter.WriteShort(small, type)));

    /// <summary>Skips to a start byte for as long as it takes; the type byte then has 10 ms.</summary>
    private async ValueTask<int> ReadTypeAsync()
    {
        ReceivedByte taken;
        do
        {
            while (!chip.Uart.TryTake(out taken))
                await chip.Firmware.ByteOrUntil(BoardClock.Never);
        }
        while (taken.Value != Packet.StartByte);

        var deadline = chip.Clock.After(PerByte);
        while (!chip.Uart.TryTake(out taken))
        {
            if (!await chip.Firmware.ByteOrUntil(deadline))
                return TimedOut;
        }
        return taken.Value;
    }

    /// <summary>10 ms a byte, for the field as a whole. (A method a byte would cost an allocation a byte.)</summary>
    private async ValueTask<bool> FillAsync(Memory<byte> field)
    {
        var deadline = chip.Clock.After(PerByte * field.Length);
        for (var index = 0; index < field.Length; index++)
        {
            ReceivedByte taken;
            while (!chip.Uart.TryTake(out taken))
            {
                if (!await chip.Firmware.ByteOrUntil(deadline))
                    return false;
            }
            field.Span[index] = taken.Value;
        }
        return true;
    }

    /// <summary>A length beyond 32 is clipped in place, so that the CRC cannot match.</summary>
    private int ClipLength()
    {
        header[0] = Packet.StartByte;
        var length = Math.Min((int)BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(2)), Packet.MaxPayload);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(2), (ushort)length);
        return length;
    }

    private bool IsCrcGood(int length) =>
        BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(4)) == Crc16.Append(Crc16.Append(0, header.AsSpan(0, 4)), received.AsSpan(0, length));
}
