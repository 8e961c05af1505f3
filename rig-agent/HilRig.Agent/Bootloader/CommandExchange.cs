using HilRig.Kboot;

namespace HilRig.Agent.Bootloader;

/// <summary>
/// Command, ACK, response, ACK: what every command begins with (facts: kboot §1.5).
/// <code>H cmd  D ack  D resp  H ack</code>
/// </summary>
internal sealed class CommandExchange(PacketLink link, BootloaderTimeouts timeouts)
{
    /// <summary>The last command that was sent.</summary>
    public CommandPacket? Asked { get; private set; }

    /// <summary>
    /// Sends <paramref name="command"/> and returns its response, acknowledged. <paramref name="budget"/> is how long the
    /// device may work: it ACKs a command only when the work is done.
    /// </summary>
    public CommandPacket Run(in CommandPacket command, CommandTag responseTag, TimeSpan budget, CancellationToken cancellationToken)
    {
        Asked = command;
        Span<byte> payload = stackalloc byte[Packet.MaxPayload];
        link.Send(PacketType.Command, payload[..command.Write(payload)]);
        if (TryAwaitAck(command.Tag, responseTag, budget, cancellationToken, out var early))
            return AwaitResponse(command.Tag, responseTag, budget, cancellationToken);

        // The response proves that the command was taken: its ACK got lost on the way.
        link.Counters.MissingAcks++;
        return early;
    }

    /// <summary>The status that ends a data phase.</summary>
    public StatusCode AwaitFinalStatus(CommandTag tag, CancellationToken cancellationToken) =>
        AwaitResponse(tag, CommandTag.GenericResponse, timeouts.Command, cancellationToken).Status();

    /// <summary>ACKs a command packet that came from the device and returns it if it answers <paramref name="tag"/>.</summary>
    /// <exception cref="LinkProtocolException">It answers something else.</exception>
    public CommandPacket Acknowledge(Packet packet, CommandTag tag, CommandTag responseTag)
    {
        link.Send(PacketType.Ack);
        if (CommandPacket.TryParse(packet.Payload, out var response) && response.ParameterCount > 0)
        {
            var matches = response.Tag == CommandTag.GenericResponse ? (CommandTag)response[1] == tag : response.Tag == responseTag;
            if (matches)
                return response;
        }
        throw Stale(packet, tag);
    }

    /// <summary>Waits for the response that ends an aborted data phase. False when it did not come.</summary>
    public bool TryAwaitEndOfAbort(out StatusCode status)
    {
        status = default;
        var deadline = link.After(timeouts.Abort);
        try
        {
            while (link.TryReceive(deadline, Awaiting.Acknowledgement, CancellationToken.None, out var packet))
            {
                if (packet.Type != PacketType.Command || !CommandPacket.TryParse(packet.Payload, out var response))
                    continue;
                link.Send(PacketType.Ack);
                status = response.Status();
                return true;
            }
        }
        catch (LinkProtocolException)
        {
            // The reason for the abort is what the caller reports; that its end was damaged too adds nothing.
        }
        return false;
    }

    private CommandPacket AwaitResponse(CommandTag tag, CommandTag responseTag, TimeSpan budget, CancellationToken cancellationToken)
    {
        var before = link.Counters.BytesReceived;
        var deadline = link.After(budget);
        while (link.TryReceive(deadline, Awaiting.Frame, cancellationToken, out var packet))
        {
            if (packet.Type == PacketType.Command)
                return Acknowledge(packet, tag, responseTag);
            if (packet.Type == PacketType.Data)
                throw Superfluous(tag);
            link.Counters.UnsolicitedPackets++;
        }
        throw new LinkSilenceException($"no response to {tag}", budget, link.Counters.BytesReceived - before, operation: tag.ToManualName());
    }

    /// <summary>True when the ACK came; false when the response came instead of it, in <paramref name="early"/>.</summary>
    private bool TryAwaitAck(CommandTag tag, CommandTag responseTag, TimeSpan budget, CancellationToken cancellationToken, out CommandPacket early)
    {
        var before = link.Counters.BytesReceived;
        var deadline = link.After(budget);
        early = default;
        while (link.TryReceive(deadline, Awaiting.Acknowledgement, cancellationToken, out var packet))
        {
            switch (packet.Type)
            {
                case PacketType.Ack:
                    return true;
                case PacketType.Nak when link.SendAgain():
                    deadline = link.After(budget);
                    break;
                case PacketType.Nak:
                    throw new LinkProtocolException($"{tag} was answered with NAK {timeouts.MaxResends + 1} times", tag.ToManualName());
                case PacketType.Command:
                    early = Acknowledge(packet, tag, responseTag);
                    return false;
                case PacketType.AckAbort:
                    throw Stale(packet, tag);
                default:
                    link.Counters.UnsolicitedPackets++;
                    break;
            }
        }
        throw new LinkSilenceException($"no ACK for {tag}", budget, link.Counters.BytesReceived - before, operation: tag.ToManualName());
    }

    private LinkProtocolException Superfluous(CommandTag tag)
    {
        link.Counters.UnsolicitedPackets++;
        link.Send(PacketType.AckAbort);
        _ = TryAwaitEndOfAbort(out _);
        return new($"a data packet came where {tag} was to end: a packet was taken twice, or more was sent than announced", tag.ToManualName());
    }

    private LinkProtocolException Stale(Packet packet, CommandTag tag)
    {
        link.Counters.UnsolicitedPackets++;
        return new($"{PacketText.Describe(packet)} came where {tag} was to be answered: it belongs to an exchange that died before", tag.ToManualName());
    }
}
