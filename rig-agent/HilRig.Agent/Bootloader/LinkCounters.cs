using HilRig.Agent.Serial;

namespace HilRig.Agent.Bootloader;

/// <summary>What happened on a link since it was opened. Only grows; a step subtracts two snapshots.</summary>
public record struct LinkCounters
{
    public long PacketsSent { get; internal set; }

    public long PacketsReceived { get; internal set; }

    public long BytesSent { get; internal set; }

    public long BytesReceived { get; internal set; }

    /// <summary>Packets sent again because the device answered NAK.</summary>
    public long Resends { get; internal set; }

    public long NaksReceived { get; internal set; }

    public long NaksSent { get; internal set; }

    /// <summary>Whole frames whose CRC did not match.</summary>
    public long BadCrcs { get; internal set; }

    /// <summary>Frames that began and did not end.</summary>
    public long TruncatedFrames { get; internal set; }

    /// <summary>Bytes that belong to no packet.</summary>
    public long SkippedBytes { get; internal set; }

    /// <summary>Pings repeated because one was not answered, or answered by a session that had died.</summary>
    public long ExtraPings { get; internal set; }

    /// <summary>Responses that came without their ACK.</summary>
    public long MissingAcks { get; internal set; }

    /// <summary>Packets that nobody had asked for.</summary>
    public long UnsolicitedPackets { get; internal set; }

    /// <summary>How often a session had to be, or was asked to be, resynchronised.</summary>
    public long Resynchronisations { get; internal set; }

    /// <summary>Data phases that were broken off, by either side.</summary>
    public long AbortedDataPhases { get; internal set; }

    /// <summary>How often this machine stood still while it waited for the device; no fault of the line.</summary>
    public long Standstills { get; internal set; }

    /// <summary>What the serial driver had counted after the last command; null where it does not count.</summary>
    public SerialLineErrors? Line { get; internal set; }

    /// <summary>Everything that an undisturbed exchange does not have; above 0 a passing step is marginal.</summary>
    public readonly long Irregularities =>
        Resends + NaksReceived + NaksSent + BadCrcs + TruncatedFrames + SkippedBytes + ExtraPings + MissingAcks + UnsolicitedPackets + (Line?.Total ?? 0);

    public static LinkCounters operator -(LinkCounters later, LinkCounters earlier) => new()
    {
        PacketsSent = later.PacketsSent - earlier.PacketsSent,
        PacketsReceived = later.PacketsReceived - earlier.PacketsReceived,
        BytesSent = later.BytesSent - earlier.BytesSent,
        BytesReceived = later.BytesReceived - earlier.BytesReceived,
        Resends = later.Resends - earlier.Resends,
        NaksReceived = later.NaksReceived - earlier.NaksReceived,
        NaksSent = later.NaksSent - earlier.NaksSent,
        BadCrcs = later.BadCrcs - earlier.BadCrcs,
        TruncatedFrames = later.TruncatedFrames - earlier.TruncatedFrames,
        SkippedBytes = later.SkippedBytes - earlier.SkippedBytes,
        ExtraPings = later.ExtraPings - earlier.ExtraPings,
        MissingAcks = later.MissingAcks - earlier.MissingAcks,
        UnsolicitedPackets = later.UnsolicitedPackets - earlier.UnsolicitedPackets,
        Resynchronisations = later.Resynchronisations - earlier.Resynchronisations,
        AbortedDataPhases = later.AbortedDataPhases - earlier.AbortedDataPhases,
        Standstills = later.Standstills - earlier.Standstills,
        Line = later.Line - earlier.Line,
    };

    public static LinkCounters Subtract(LinkCounters later, LinkCounters earlier) => later - earlier;
}
