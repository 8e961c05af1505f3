using HilRig.Kboot;

namespace HilRig.Agent.Bootloader;

/// <summary>
/// The data phase from device to host (facts: kboot §1.5):
/// <code>{ D data  H ack }×n | D generic(final)  H ack</code>
/// The device ends it early by an empty data packet and a final response that says why.
/// </summary>
internal sealed class IncomingData(PacketLink link, CommandExchange exchange, BootloaderTimeouts timeouts)
{
    /// <summary>Fills all of <paramref name="destination"/>.</summary>
    public void Receive(CommandTag tag, Span<byte> destination, CancellationToken cancellationToken)
    {
        var received = 0;
        while (received < destination.Length)
        {
            var packet = Next(tag, received);
            if (packet.Type == PacketType.Command || packet.Payload.IsEmpty)
                throw EndedEarly(tag, packet, received);
            if (packet.Payload.Length > destination.Length - received)
                throw Abort(new LinkProtocolException($"{tag} sends more than the {destination.Length} bytes asked for", tag.ToManualName()));
            if (cancellationToken.IsCancellationRequested)
                throw Abort(new OperationCanceledException(cancellationToken));

            packet.Payload.CopyTo(destination[received..]);
            received += packet.Payload.Length;
            link.Send(PacketType.Ack);
        }
        var status = exchange.AwaitFinalStatus(tag, cancellationToken);
        if (status != StatusCode.Success)
            throw new BootloaderStatusException(tag, status, received);
    }

    private Packet Next(CommandTag tag, int received)
    {
        var before = link.Counters.BytesReceived;
        var deadline = link.After(timeouts.Data);
        while (link.TryReceive(deadline, Awaiting.Frame, CancellationToken.None, out var packet))
        {
            if (packet.Type is PacketType.Data or PacketType.Command)
                return packet;
            link.Counters.UnsolicitedPackets++;
        }
        throw new LinkSilenceException($"no data packet of {tag} at byte {received}", timeouts.Data, link.Counters.BytesReceived - before, operation: tag.ToManualName());
    }

    private Exception EndedEarly(CommandTag tag, Packet packet, int received)
    {
        link.Counters.AbortedDataPhases++;
        StatusCode status;
        if (packet.Type == PacketType.Command)
        {
            status = exchange.Acknowledge(packet, tag, CommandTag.GenericResponse).Status();
        }
        else
        {
            link.Send(PacketType.Ack);
            status = exchange.AwaitFinalStatus(tag, CancellationToken.None);
        }
        return status == StatusCode.Success
            ? new LinkProtocolException($"{tag} claims success after {received} bytes, before its data phase was complete", tag.ToManualName())
            : new BootloaderStatusException(tag, status, received);
    }

    private Exception Abort(Exception reason)
    {
        link.Counters.AbortedDataPhases++;
        link.Send(PacketType.AckAbort);
        _ = exchange.TryAwaitEndOfAbort(out _);
        return reason;
    }
}
