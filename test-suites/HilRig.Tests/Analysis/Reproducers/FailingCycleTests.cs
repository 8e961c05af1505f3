using HilRig.Analysis.Reproducers;
using HilRig.Model.Runs;
using HilRig.Model.Sequences;
using NUnit.Framework;

namespace HilRig.Tests.Analysis.Reproducers;

public class FailingCycleTests
{
    private static readonly FailingCycle Failing = new("kv58", new Fingerprint("update", "write-memory", "10203", ""),
        [new("reset", "by=power"), new("update", ""), new("verify", "by=swd"), new("reset", "by=probe"), new("erase-all", "")], new("update", "recipe=rig"));

    [TestCase("app-at-boot=application", new[] { 1, 3 })]
    [TestCase("updates-since-reset>=1", new[] { 1 })]
    [TestCase("last-reset=probe", new[] { 3 })]
    [TestCase("erases-since-reset>=1 AND last-reset=probe", new[] { 3, 4 })]
    [TestCase("baud=460800", new int[0])]
    public void A_trigger_points_at_the_steps_that_bring_it_about(string condition, int[] steps) =>
        Assert.That(Failing.Suspects(condition), Is.EqualTo(steps.Aggregate(0UL, (sum, step) => sum | 1UL << step)));

    [Test]
    public void A_candidate_is_a_sequence_that_starts_from_a_clean_board()
    {
        var sequence = SequenceFile.Parse("c.yaml", Failing.ToSequence("candidate", "Does it still fail?", new Candidate(0b01010), switchesPower: true, cycles: 3));
        Assert.That(sequence.Steps.Cast<StepCall>().Select(step => step.Name), Is.EqualTo(new[] { "reset", "erase-all", "reset", "update", "reset", "update" }));
        Assert.That(sequence.Steps.Cast<StepCall>().Last().Arguments.Single().Value, Is.EqualTo("rig"));
        Assert.That((sequence.Cycles, sequence.BoardType), Is.EqualTo((3, "kv58")));
    }

    [Test]
    public void The_experiment_draws_whether_the_needed_steps_are_made()
    {
        var sequence = SequenceFile.Parse("e.yaml", Failing.ToExperiment("proof", "Is it these steps?", new Candidate(0b01010), switchesPower: false, cycles: 40));
        Assert.That(Enumerable.Range(1, 40).Count(cycle => FailingCycle.MakesThem(sequence, 1, cycle)), Is.InRange(10, 30));
    }
}
