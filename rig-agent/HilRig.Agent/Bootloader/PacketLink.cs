using HilRig.Agent.Serial;
using HilRig.Kboot;

namespace HilRig.Agent.Bootloader;

/// <summary>
/// Packets over a serial link: sends them in one write, receives them with their CRC checked, counts and traces all of it.
/// Used by one thread; allocates nothing per packet.
/// </summary>
internal sealed class PacketLink(ISerialLink serial, BootloaderTimeouts timeouts, TimeProvider time, LinkTrace trace)
{
    /// <summary>A caller's cancellation is noticed within this time of silence.</summary>
    private static readonly TimeSpan CancellationLatency = TimeSpan.FromMilliseconds(50);

    /// <summary>A wait that lasts so much longer than was asked for: this machine stood still, and heard no silence. A busy one is late by some 10 ms.</summary>
    private static readonly TimeSpan Standstill = TimeSpan.FromMilliseconds(200);

    /// <summary>8N1: a start and a stop bit around eight.</summary>
    private const int BitsPerByte = 10;

    private readonly ReceiveBuffer input = new();
    private readonly byte[] frame = new byte[Packet.MaxFrame];
    private int frameLength;
    private int sendings;
    private long stoodStill;
    private LinkCounters counters;

    public ref LinkCounters Counters => ref counters;

    /// <summary>
    /// Timestamps of the time provider without the standstills: every deadline is one of these. What a board sent while this machine
    /// stood still may be on its way from the adapter yet.
    /// </summary>
    private long Now => time.GetTimestamp() - stoodStill;

    /// <summary>The moment <paramref name="span"/> from now, for <see cref="TryReceive"/>.</summary>
    public long After(TimeSpan span) => Now + (long)(span.TotalSeconds * time.TimestampFrequency);

    /// <summary>Sends an ACK, NAK, ACK_ABORT or ping.</summary>
    public void Send(PacketType type)
    {
        Span<byte> bytes = stackalloc byte[2];
        PacketWriter.WriteShort(bytes, type);
        Transmit(bytes, 0);
        if (type == PacketType.Nak)
            counters.NaksSent++;
    }

    /// <summary>Sends a command or data packet and keeps it for <see cref="SendAgain"/>.</summary>
    public void Send(PacketType type, ReadOnlySpan<byte> payload)
    {
        frameLength = PacketWriter.WriteFramed(frame, type, payload);
        sendings = 1;
        Transmit(frame.AsSpan(0, frameLength), 0);
    }

    /// <summary>Answers a NAK. False when the bound is reached and nothing was sent.</summary>
    public bool SendAgain()
    {
        counters.NaksReceived++;
        if (sendings > timeouts.MaxResends)
            return false;
        counters.Resends++;
        Transmit(frame.AsSpan(0, frameLength), sendings++);
        return true;
    }

    /// <summary>
    /// Waits for the next packet with a matching CRC; false when <paramref name="deadline"/> passed. The packet lives
    /// until the next call. A damaged frame is answered by one NAK after the line went quiet: two would make the device
    /// send twice, and packets have no numbers to notice that by.
    /// </summary>
    /// <exception cref="LinkProtocolException">The damage goes on beyond <see cref="BootloaderTimeouts.MaxResends"/>.</exception>
    public bool TryReceive(long deadline, Awaiting awaiting, CancellationToken cancellationToken, out Packet packet)
    {
        var junk = 0;
        var asked = 0;
        while (true)
        {
            var outcome = PacketReader.Read(input.Pending, out packet, out var consumed);
            switch (outcome)
            {
                case ReadOutcome.Packet:
                    counters.PacketsReceived++;
                    Record(TracedAs.Packet, consumed);
                    return true;
                case ReadOutcome.BadCrc:
                    counters.BadCrcs++;
                    var type = (PacketType)input.Pending[1];
                    Record(TracedAs.BadCrc, consumed);
                    DrainUntilQuiet(deadline);
                    AskAgain(awaiting, type, ref asked);
                    junk = 0;
                    break;
                case ReadOutcome.Junk:
                    junk += consumed;
                    counters.SkippedBytes += consumed;
                    Record(TracedAs.Junk, consumed);
                    break;
                default:
                    if (Fill(Limit(deadline, awaiting, junk), cancellationToken))
                        break;
                    if (!input.Pending.IsEmpty)
                        DropTruncated(awaiting, ref asked);
                    else if (awaiting == Awaiting.Frame && junk >= Packet.HeaderSize)
                        AskAgain(awaiting, PacketType.Data, ref asked);
                    junk = 0;
                    if (Now >= deadline)
                        return false;
                    break;
            }
        }
    }

    /// <summary>True when more was read than was asked for; costs nothing, so it does not look at the port.</summary>
    public bool HasUnread => !input.Pending.IsEmpty;

    /// <summary>True when something already arrived; does not wait.</summary>
    public bool HasInput() => !input.Pending.IsEmpty || Fill(Now, CancellationToken.None);

    /// <summary>Waits as long as two of the longest frames take on this line; true when something came.</summary>
    public bool HasInputWithinTwoFrames() => Fill(After(TimeSpan.FromSeconds(2.0 * Packet.MaxFrame * BitsPerByte / serial.Baud)), CancellationToken.None);

    /// <summary>Drops all that has arrived, uncounted.</summary>
    public void DiscardInput()
    {
        serial.DiscardInput();
        input.Drop(input.Pending.Length);
    }

    private void Transmit(ReadOnlySpan<byte> bytes, int resend)
    {
        serial.Write(bytes);
        counters.PacketsSent++;
        counters.BytesSent += bytes.Length;
        trace.Add(LinkDirection.HostToDevice, TracedAs.Packet, resend, bytes);
    }

    /// <summary>A begun frame and a burst of junk are waited for less long than the whole deadline.</summary>
    private long Limit(long deadline, Awaiting awaiting, int junk)
    {
        if (!input.Pending.IsEmpty)
            return Math.Min(deadline, After(timeouts.FrameStall));
        return awaiting == Awaiting.Frame && junk >= Packet.HeaderSize ? Math.Min(deadline, After(timeouts.Quiet)) : deadline;
    }

    /// <summary>Reads what is there, or waits for it until <paramref name="limit"/>; looks at least once.</summary>
    private bool Fill(long limit, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var began = Now;
            var remaining = time.GetElapsedTime(began, limit);
            var slice = remaining < TimeSpan.Zero ? TimeSpan.Zero : remaining < CancellationLatency ? remaining : CancellationLatency;
            var count = serial.Read(input.Free, slice);
            if (time.GetElapsedTime(began, Now) - slice > Standstill)
            {
                counters.Standstills++;
                stoodStill += Now - began;
            }
            if (count > 0)
            {
                counters.BytesReceived += count;
                input.Append(count);
                return true;
            }
            if (Now >= limit)
                return false;
        }
    }

    private void DropTruncated(Awaiting awaiting, ref int asked)
    {
        var length = input.Pending.Length;
        if (length < 2)
        {
            counters.SkippedBytes += length;
            Record(TracedAs.Junk, length);
            return;
        }
        counters.TruncatedFrames++;
        var type = (PacketType)input.Pending[1];
        Record(TracedAs.Truncated, length);
        AskAgain(awaiting, type, ref asked);
    }

    private void DrainUntilQuiet(long deadline)
    {
        do
        {
            var length = input.Pending.Length;
            counters.SkippedBytes += length;
            if (length > 0)
                Record(TracedAs.Junk, length);
        }
        while (Fill(Math.Min(deadline, After(timeouts.Quiet)), CancellationToken.None));
    }

    private void AskAgain(Awaiting awaiting, PacketType damaged, ref int asked)
    {
        if (awaiting == Awaiting.PingResponse || (awaiting == Awaiting.Acknowledgement && damaged != PacketType.Command))
            return;
        if (asked++ >= timeouts.MaxResends)
            throw new LinkProtocolException($"{asked} damaged packets in a row from {serial.Name}");
        Send(PacketType.Nak);
    }

    private void Record(TracedAs kind, int length)
    {
        trace.Add(LinkDirection.DeviceToHost, kind, 0, input.Pending[..length]);
        input.Drop(length);
    }
}
