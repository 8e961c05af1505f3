using HilRig.Analysis.SignOff;
using HilRig.Bench.Targets;
using HilRig.Model.Runs;
using HilRig.Model.Sequences;
using HilRig.Tests.SystemTests;
using NUnit.Framework;

namespace HilRig.Tests.Analysis.SignOff;

public class ExposureTests
{
    [Test]
    public void The_covering_set_meets_all_81_ordered_pairs_of_nine_steps()
    {
        string[] resets = ["reset_bl", "reset_swd", "power_cycle"];
        var pairs = new HashSet<(string, string)>();
        var since = new HashSet<string>();
        foreach (var step in CoveringSet.Of(["connect", "erase_all", "erase_region", "reconnect", "update", "verify"], resets).SelectMany(sequence => sequence))
        {
            pairs.UnionWith(since.Select(earlier => (earlier, step)));
            if (resets.Contains(step))
                since.Clear();
            since.Add(step);
        }
        Assert.That(pairs, Has.Count.EqualTo(81));
    }

    [Test]
    public void The_shipped_covering_sequence_meets_every_ordered_pair_of_its_steps_in_every_cycle()
    {
        var sequence = SequenceFile.Load(TestBoard.RepositoryFile("test-suites/sequences/kv58/cover-pairs.yaml"));
        var exposure = Exposure.Of(Enumerable.Range(1, 10).SelectMany(cycle => Walk(sequence, cycle)));
        Assert.That(exposure, Has.Count.EqualTo(36), "six kinds of steps");
        Assert.That(exposure[0].Trials, Is.GreaterThanOrEqualTo(10), exposure[0].Condition);
    }

    private static IEnumerable<RunEvent> Walk(Sequence sequence, int cycle)
    {
        var walk = CycleWalk.Of(sequence.Steps, 1, cycle);
        StepEnded? passed = null;
        for (var call = walk.Next(passed); call is not null; call = walk.Next(passed))
        {
            passed = new StepEnded(cycle, 0, StepPhase.Steps, call.Name, "", Verdict.Pass, Layer.None, null, 0, false, new Dictionary<string, string>(), new Dictionary<string, double>(), []);
            yield return new RunEvent("r", 1, DateTimeOffset.UnixEpoch, passed);
        }
    }
}
