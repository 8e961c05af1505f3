using HilRig.Agent.Bootloader;
using HilRig.Agent.Places;

namespace HilRig.Agent.Running;

/// <summary>What the link and the probe had to do twice during a step: counted, stored, and what makes a pass marginal.</summary>
public static class StepMeasurements
{
    /// <summary>Notes the differences since <paramref name="before"/> on the bench; true when something was not right at once.</summary>
    public static bool Note(Bench bench, LinkCounts before, int probeRestartsBefore)
    {
        var now = bench.Bootloader.Counters.Snapshot();
        var repeats = new Dictionary<string, long>
        {
            ["resends"] = now.Resends - before.Resends,
            ["naks-sent"] = now.NaksSent - before.NaksSent,
            ["naks-received"] = now.NaksReceived - before.NaksReceived,
            ["crc-errors"] = now.CrcErrors - before.CrcErrors,
            ["junk-bytes"] = now.JunkBytes - before.JunkBytes,
            ["extra-pings"] = now.ExtraPings - before.ExtraPings,
            ["probe-restarts"] = bench.Probe.Restarts - probeRestartsBefore,
        };
        foreach (var (name, count) in repeats)
        {
            if (count > 0)
                bench.Measure(name, count);
        }
        bench.Measure("packets", now.PacketsSent + now.PacketsReceived - before.PacketsSent - before.PacketsReceived);
        return repeats.Values.Any(count => count > 0);
    }
}
