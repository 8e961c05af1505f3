using HilRig.Kboot;

namespace HilRig.Agent.Bootloader;

/// <summary>
/// The data phase from host to device (facts: kboot §1.5):
/// <code>{ H data  D ack }×n | D generic(final)  H ack</code>
/// No data packet is sent again but on a NAK. It succeeds only when every packet was acknowledged: packets have no
/// numbers, so a final "success" with an ACK missing may mean that one was taken twice and the rest is shifted.
/// </summary>
internal sealed class OutgoingData(PacketLink link, CommandExchange exchange, BootloaderTimeouts timeouts)
{
    /// <summary>Sends all of <paramref name="data"/>; <paramref name="packetBudget"/> is the deadline of each ACK.</summary>
    public void Send(CommandTag tag, ReadOnlySpan<byte> data, TimeSpan packetBudget, CancellationToken cancellationToken)
    {
        var sent = 0;
        while (sent < data.Length)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                Abort();
                throw new OperationCanceledException(cancellationToken);
            }
            RefuseSurplusAnswer(tag, sent, isLast: data.Length - sent <= Packet.MaxPayload);
            var chunk = data.Slice(sent, Math.Min(Packet.MaxPayload, data.Length - sent));
            link.Send(PacketType.Data, chunk);
            if (!TryAwaitAck(tag, packetBudget, sent, out var endedWith))
                throw EndedEarly(tag, endedWith, sent);
            sent += chunk.Length;
        }
        var status = exchange.AwaitFinalStatus(tag, cancellationToken);
        if (status != StatusCode.Success)
            throw new BootloaderStatusException(tag, status, sent);
    }

    /// <summary>
    /// A packet that the device took twice shows by an ACK too many, and by nothing else: the device counts bytes and is
    /// content one packet early. What was read along is looked at each time, the port itself once, before the last packet.
    /// </summary>
    private void RefuseSurplusAnswer(CommandTag tag, int sent, bool isLast)
    {
        if (link.HasUnread || (isLast && sent > 0 && link.HasInputWithinTwoFrames()))
            throw new LinkProtocolException($"an answer too many after byte {sent} of {tag}: a data packet was taken twice; {Abort()}", tag.ToManualName());
    }

    /// <summary>False when the device ended the phase, with the status in <paramref name="endedWith"/>.</summary>
    private bool TryAwaitAck(CommandTag tag, TimeSpan budget, int sent, out StatusCode endedWith)
    {
        endedWith = default;
        var before = link.Counters.BytesReceived;
        var deadline = link.After(budget);
        while (link.TryReceive(deadline, Awaiting.Acknowledgement, CancellationToken.None, out var packet))
        {
            switch (packet.Type)
            {
                case PacketType.Ack:
                    return true;
                case PacketType.AckAbort:
                    link.Counters.AbortedDataPhases++;
                    endedWith = exchange.AwaitFinalStatus(tag, CancellationToken.None);
                    return false;
                case PacketType.Command:
                    link.Counters.AbortedDataPhases++;
                    link.Counters.MissingAcks++;
                    endedWith = exchange.Acknowledge(packet, tag, CommandTag.GenericResponse).Status();
                    return false;
                case PacketType.Nak when link.SendAgain():
                    deadline = link.After(budget);
                    break;
                case PacketType.Nak:
                    throw new LinkProtocolException(
                        $"the data packet at byte {sent} of {tag} was answered with NAK {timeouts.MaxResends + 1} times; {Abort()}", tag.ToManualName());
                default:
                    link.Counters.UnsolicitedPackets++;
                    break;
            }
        }
        var bytes = link.Counters.BytesReceived - before;
        throw new LinkSilenceException($"no ACK for the data packet at byte {sent} of {tag}", budget, bytes, $"; {Abort()}", tag.ToManualName());
    }

    private static Exception EndedEarly(CommandTag tag, StatusCode status, int acknowledged) => status == StatusCode.Success
        ? new LinkProtocolException($"{tag} claims success after {acknowledged} acknowledged bytes, before its data phase was complete", tag.ToManualName())
        : new BootloaderStatusException(tag, status, acknowledged);

    /// <summary>Ends the phase by an empty data packet and says how that went.</summary>
    private string Abort()
    {
        link.Counters.AbortedDataPhases++;
        link.Send(PacketType.Data, default);
        return exchange.TryAwaitEndOfAbort(out var status)
            ? $"the data phase was aborted and the device confirmed it with {(uint)status} {status.ToManualName()}"
            : $"the data phase was aborted and the device did not confirm it within {timeouts.Abort.TotalSeconds:0.###} s";
    }
}
