using System.Text;
using HilRig.Agent.Bootloader;
using HilRig.Kboot;

namespace HilRig.Agent.Evidence;

/// <summary>What the link remembers of a failure.</summary>
internal static class LinkEvidence
{
    private const int PageLines = 60;
    private const int PageClaims = 16;

    /// <summary>As much as a page shows; the rest is kept as JSON lines.</summary>
    public static string LastLines(LinkTrace trace) => string.Join('\n', trace.ToLines(PageLines));

    public static byte[] JsonLines(LinkTrace trace) => Written(output => TraceExport.WriteJsonLines(trace, output));

    public static byte[] Pcapng(LinkTrace trace) => Written(output => PcapngTrace.Write(trace, output));

    /// <summary>Commands and responses alone: hundreds of data packets lie between a status 0 and the status that matters.</summary>
    public static (string Page, byte[] Whole) Claims(LinkTrace trace)
    {
        var lines = trace.Snapshot()
            .Where(packet => packet.Kind == TracedAs.Packet && packet.Bytes is [_, (byte)PacketType.Command, ..])
            .Select(packet => FormattableString.Invariant(
                $"{packet.At.TotalSeconds,12:0.000000} {(packet.Direction == LinkDirection.HostToDevice ? "asked" : "said ")} {packet.Describe()}"))
            .ToList();
        return (string.Join('\n', lines.TakeLast(PageClaims)), Encoding.UTF8.GetBytes(string.Join('\n', lines)));
    }

    /// <summary>What link and driver counted since the port was opened.</summary>
    public static string Counters(BootloaderClient bootloader)
    {
        var link = bootloader.Counters;
        return string.Join('\n',
            $"packets sent {link.PacketsSent}, received {link.PacketsReceived}; bytes sent {link.BytesSent}, received {link.BytesReceived}",
            $"resends {link.Resends}, NAKs received {link.NaksReceived}, NAKs sent {link.NaksSent}, bad CRCs {link.BadCrcs}, truncated frames {link.TruncatedFrames}",
            $"skipped bytes {link.SkippedBytes}, extra pings {link.ExtraPings}, missing ACKs {link.MissingAcks}, unsolicited packets {link.UnsolicitedPackets}",
            $"resynchronisations {link.Resynchronisations}, aborted data phases {link.AbortedDataPhases}, standstills of the agent's machine {link.Standstills}",
            link.Line is { } errors
                ? $"serial driver: framing {errors.Framing}, overruns {errors.Overruns}, parity {errors.Parity}, breaks {errors.Breaks}, buffer overruns {errors.BufferOverruns}"
                : "serial driver: counts nothing");
    }

    private static byte[] Written(Action<Stream> write)
    {
        using var content = new MemoryStream();
        write(content);
        return content.ToArray();
    }
}
