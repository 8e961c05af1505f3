using HilRig.Agent.Bootloader;
using HilRig.Agent.Places;

namespace HilRig.Agent.Running;

/// <summary>What the link and the probe had to do twice during a step, and what the serial driver saw go wrong: counted, stored, and what makes a pass marginal.</summary>
public static class StepMeasurements
{
    /// <summary>Notes what happened since <paramref name="before"/> on the bench; true when something was not right at once.</summary>
    public static bool Note(Bench bench, LinkCounters before, int probeRestartsBefore)
    {
        var link = bench.Bootloader.Counters - before;
        var restarts = bench.Probe.Restarts - probeRestartsBefore;
        NoteIfAny(bench, "resends", link.Resends);
        NoteIfAny(bench, "naks-received", link.NaksReceived);
        NoteIfAny(bench, "naks-sent", link.NaksSent);
        NoteIfAny(bench, "bad-crcs", link.BadCrcs);
        NoteIfAny(bench, "truncated-frames", link.TruncatedFrames);
        NoteIfAny(bench, "skipped-bytes", link.SkippedBytes);
        NoteIfAny(bench, "extra-pings", link.ExtraPings);
        NoteIfAny(bench, "missing-acks", link.MissingAcks);
        NoteIfAny(bench, "unsolicited-packets", link.UnsolicitedPackets);
        NoteIfAny(bench, "standstills", link.Standstills);
        NoteIfAny(bench, "framing-errors", link.Line?.Framing ?? 0);
        NoteIfAny(bench, "overruns", link.Line?.AllOverruns ?? 0);
        NoteIfAny(bench, "breaks", link.Line?.Breaks ?? 0);
        NoteIfAny(bench, "probe-restarts", restarts);
        bench.History.LineCounted(link.Line);
        bench.Measure("packets", link.PacketsSent + link.PacketsReceived);
        return link.Irregularities > 0 || restarts > 0;
    }

    private static void NoteIfAny(Bench bench, string name, long count)
    {
        if (count > 0)
            bench.Measure(name, count);
    }
}
