using HilRig.Agent.Running;
using HilRig.Model.Runs;

namespace HilRig.Bench.Corpus;

/// <summary>What is wrong in the rig: the line, the probe, the supply, the places file, the agent's own machine.</summary>
internal static class RigFaults
{
    public static IEnumerable<LabelledFault> All =>
    [
        Line("bytes lost on the line", random => $"drop:direction={Way(random)},p={Rarely(random)}"),
        Line("noise on the line", random => $"flip:direction={Way(random)},p={Noisily(random)}"),
        Line("bytes doubled on the line", random => $"duplicate:direction={Way(random)},p={Rarely(random)}"),
        Line("pauses inside packets", random => $"split:direction=in,ms={random.Next(15, 60)},p={Rarely(random)}"),
        Line("cable pulled", random => random.Next(2) == 0 ? $"line-cut:direction=in,index={random.Next(400, 9_000)},ms=3600000" : $"line-cut:direction=out,index={random.Next(300, 2_000)},ms=3600000"),
        Line("driver drops its own writes", random => $"flush:p={ProductFaults.Share(random, 0.005, 0.05)}"),
        Line("adapter deaf after a start", random => $"deaf:ms={random.Next(10_000, 20_000)}"),
        Line("probe: no acknowledge", random => $"probe-no-ack:p={ProductFaults.Share(random, 0.01, 0.05)},for={random.Next(10, 2_000)}"),
        Line("probe: storm of waits", random => $"probe-wait:p={ProductFaults.Share(random, 0.002, 0.02)},for={random.Next(200, 4_000)}"),
        Line("probe hangs", random => $"probe-hang:p={ProductFaults.Share(random, 0.003, 0.02)},for={random.Next(1, 20)}"),
        Line("probe unplugged", random => $"probe-unplug:index={random.Next(100, 500)},for=1000000"),
        new("pyOCD killed again and again", Layer.Rig, random => Trial.OfNight(random) with { Meanwhile = PyOcdKiller.Of(random) }),
        new("probe of another board", Layer.Rig, random => Trial.OfNight(random) with { Wiring = (own, other) => own with { Probe = other.Probe } }),
        new("serial line of another board", Layer.Rig, random => Trial.OfNight(random) with { Wiring = (own, other) => own with { Serial = other.Serial } }),
        new("serial device missing", Layer.Rig, random => Trial.OfNight(random) with { Wiring = (own, _) => own with { Serial = own.Serial + random.Next() } }),
        Line("supply stuck on", random => "stuck-on"),
        Line("supply stuck off", random => "stuck-off"),
        Line("supply drops out", random => $"power-cut:p={ProductFaults.Share(random, 0.02, 0.2)},fraction={ProductFaults.Share(random, 0.1, 0.9)},back={random.Next(20, 600)}"),
        Line("supply stays out", random => $"power-cut:operation={random.Next(1, 15)},fraction={ProductFaults.Share(random, 0.1, 0.9)},back=3600000"),
        Line("supply sags", random => $"sag:p={ProductFaults.Share(random, 0.1, 0.4)},fraction={ProductFaults.Share(random, 0.1, 0.9)},volts={ProductFaults.Share(random, 0.8, 2.4)},ms={random.Next(5, 80)}"),
        Line("glitches on the reset line", random => $"reset-in-flash:cause=pin,p={ProductFaults.Share(random, 0.2, 0.6)},fraction={ProductFaults.Share(random, 0.1, 0.9)}"),
        Relay("supply no longer reachable", SupplyAilment.Unreachable),
        Relay("supply no longer answers", SupplyAilment.Silent),
        Relay("supply answers nonsense", SupplyAilment.Nonsense),
        Relay("supply measures 0 V", SupplyAilment.ReadsZero),
        new("hub with all of it pulled", Layer.Rig, random => Trial.OfNight(random) with { Cycles = 40, Meanwhile = After(random, 200, 1_500, bench => bench.Board.Dispose()) }),
        new("disk full", Layer.Rig, DiskFiller.Draw),
        new("agent dies in a step", Layer.Rig, Parked),
    ];

    private static LabelledFault Line(string name, Func<Random, string> fault) => new(name, Layer.Rig, random => Trial.OfNight(random, fault(random)) with { Cycles = 2 });

    private static string Way(Random random) => new[] { "in", "out", "both" }[random.Next(3)];

    private static LabelledFault Relay(string name, SupplyAilment ailment) => new(name, Layer.Rig, random =>
    {
        var relay = new SupplyRelay(ailment, healthy: random.Next(4, 20));
        return Trial.OfNight(random) with { Steps = "  - reset: {by: power}\n" + Trial.Night, Wiring = (own, _) => own with { Power = relay.Before(own.Power) } };
    });

    private static string Rarely(Random random) => ProductFaults.Share(random, 0.002, 0.01);

    private static string Noisily(Random random) => ProductFaults.Share(random, 0.004, 0.03);

    private static Func<TrialBench, CancellationToken, Task> After(Random random, int low, int high, Action<TrialBench> deed)
    {
        var moment = random.Next(low, high);
        return async (bench, cancellationToken) =>
        {
            await Task.Delay(moment, cancellationToken);
            deed(bench);
        };
    }

    /// <summary>Two earlier lives of the agent ended in the same step.</summary>
    private static Trial Parked(Random random)
    {
        var step = new[] { new StepKey(StepPhase.Steps, "update", ""), new StepKey(StepPhase.Steps, "erase-region", ""), new StepKey(StepPhase.Steps, "verify", "by=swd") }[random.Next(3)];
        var from = ResumePoint.Beginning with { NextCycle = random.Next(1, 3), Crashes = new Dictionary<StepKey, int> { [step] = ResumePoint.CrashesToPark } };
        return Trial.OfNight(random) with { Plan = plan => plan with { From = from } };
    }
}
