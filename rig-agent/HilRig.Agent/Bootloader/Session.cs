using HilRig.Kboot;

namespace HilRig.Agent.Bootloader;

/// <summary>
/// Knows whether host and device agree that nothing is under way, and makes them agree. After a killed session a device
/// answers a ping and then speaks of the old command, or swallows the next packet (facts: kboot §1.4, F14, F15, F22).
/// </summary>
internal sealed class Session(PacketLink link, BootloaderTimeouts timeouts)
{
    /// <summary>Unanswered pings follow one another no faster: a gap above 80 ms restarts a device's autobaud.</summary>
    private static readonly TimeSpan AutobaudGap = TimeSpan.FromMilliseconds(100);

    private bool open;

    /// <summary>Called when an exchange did not end as it should, or the device restarts.</summary>
    public void Lose() => open = false;

    /// <summary>Before a command: resynchronises a session that is not known to be open, or in which a packet came unasked.</summary>
    public void EnsureOpen(CancellationToken cancellationToken)
    {
        if (open && link.HasInput() && Drain(TimeSpan.Zero) > 0)
            open = false;
        if (!open)
            Resynchronise(cancellationToken);
    }

    /// <summary>One ping and at most <see cref="BootloaderTimeouts.ExtraPings"/> more. Opens the session if it is not open.</summary>
    public PingResponse Ping(CancellationToken cancellationToken)
    {
        var before = link.Counters.BytesReceived;
        for (var attempt = 0; attempt <= timeouts.ExtraPings; attempt++)
        {
            if (attempt > 0)
                link.Counters.ExtraPings++;
            if (!TryPing(cancellationToken, out var response))
                continue;
            if (!open && Drain(timeouts.QuietAfterPing) > 0)
                return Resynchronise(cancellationToken);
            open = true;
            return response;
        }
        throw new LinkSilenceException(
            "no ping response", timeouts.Ping * (1 + timeouts.ExtraPings), link.Counters.BytesReceived - before, $"; {1 + timeouts.ExtraPings} pings sent", "ping");
    }

    /// <summary>Pings, drains the line, ACKs what a dead session left, and repeats that until a ping is answered by its response alone.</summary>
    public PingResponse Resynchronise(CancellationToken cancellationToken)
    {
        link.Counters.Resynchronisations++;
        open = false;
        var before = link.Counters.BytesReceived;
        var deadline = link.After(timeouts.Resynchronise);
        for (var pings = 1; pings == 1 || link.After(TimeSpan.Zero) < deadline; pings++)
        {
            if (pings > 1)
                link.Counters.ExtraPings++;
            var answered = TryPing(cancellationToken, out var response);
            if (Drain(timeouts.Drain) > 0 || !answered)
                continue;
            open = true;
            return response;
        }
        throw new LinkSilenceException("no clean ping response while resynchronising", timeouts.Resynchronise, link.Counters.BytesReceived - before, operation: "ping");
    }

    private bool TryPing(CancellationToken cancellationToken, out PingResponse response)
    {
        link.Send(PacketType.Ping);
        var deadline = link.After(timeouts.Ping > AutobaudGap ? timeouts.Ping : AutobaudGap);
        while (link.TryReceive(deadline, Awaiting.PingResponse, cancellationToken, out var packet))
        {
            if (packet.Type == PacketType.PingResponse)
            {
                response = PingResponse.Parse(packet.Payload);
                return true;
            }
            TakeUnsolicited(packet);
        }
        response = default;
        return false;
    }

    /// <summary>Takes packets until the line was silent for <paramref name="quiet"/>; returns how many came.</summary>
    private int Drain(TimeSpan quiet)
    {
        var packets = 0;
        while (link.TryReceive(link.After(quiet), Awaiting.PingResponse, CancellationToken.None, out var packet))
        {
            packets++;
            TakeUnsolicited(packet);
        }
        return packets;
    }

    private void TakeUnsolicited(Packet packet)
    {
        link.Counters.UnsolicitedPackets++;
        if (packet.Type == PacketType.Command)
            link.Send(PacketType.Ack);
    }
}
