using HilRig.Analysis.Flags;
using HilRig.Analysis.Reproducers;
using HilRig.Model.Flags;
using HilRig.Model.Runs;
using HilRig.Model.Sequences;
using NUnit.Framework;

namespace HilRig.Tests.Analysis.Reproducers;

/// <summary>Explanations that a night's data cannot tell apart, because its sequence always changed both, and what fresh cycles make of them.</summary>
public class ConfirmTests
{
    private static readonly DateTimeOffset Evening = new(2026, 1, 21, 22, 0, 0, TimeSpan.Zero);

    private const string FastWithPauses = """
        sequence: mixed
        board: kv58
        steps:
          - choose:
              - [set-baud: {to: 460800}, gap: {inside: 5ms}]
              - [set-baud: {to: 57600}, gap]
          - reset: {by: probe}
          - update

        """;

    private const string Parameters = """
        sequence: mixed
        board: kv58
        parameters:
          updates: {default: 2}
          pause: {default: 1ms, unit: time}
        matrix: {over: {updates: [2, 3], pause: [1ms, 50ms]}}
        steps:
          - reset: {by: probe}
          - repeat: {times: $updates, steps: [update]}
          - wait: {for: $pause}
          - update

        """;

    [Test]
    public void The_pause_stands_and_the_rate_that_always_came_with_it_falls([Range(1, 3)] int seed)
    {
        var lines = Follow(FastWithPauses, seed, new ModelBoard("app.bin", 6144, now => now.Gap != "none"), out var reduction);
        Assert.That(lines, Has.Some.Match("^gap=inside 5 ms: stands, [0-9]+ of [0-9]+ with it, 0 of [0-9]+ with none, drawn cycle by cycle: confirmed at 95 %"));
        Assert.That(lines, Has.Some.Match("^the line ran at 460800 baud: falls, it failed [0-9]+ times while that did not hold"));
        Assert.That(reduction.Experiments.Single(), Has.Property("Condition").EqualTo("gap=inside 5 ms").And.Property("Otherwise").EqualTo("none").And.Property("Evidence").GreaterThan(20));
    }

    [Test]
    public void The_rate_stands_and_the_pause_that_always_came_with_it_falls([Range(1, 3)] int seed)
    {
        var lines = Follow(FastWithPauses, seed, new ModelBoard("app.bin", 6144, now => now.Baud == "460800"), out _);
        Assert.That(lines, Has.Some.Match("^baud=460800: stands, [0-9]+ of [0-9]+ with it, 0 of [0-9]+ with 57600, drawn cycle by cycle: confirmed at 95 %"));
        Assert.That(lines, Has.Some.Match("^the pause in what was sent was inside 5 ms: falls, it failed"));
    }

    [Test]
    public void A_parameter_is_varied_in_the_sequence_that_failed_with_the_others_as_they_were([Range(1, 3)] int seed)
    {
        var lines = Follow(Parameters, seed, new ModelBoard("app.bin", 6144, now => now.Updates == 3), out var reduction, triggers: ["parameter.updates=3", "parameter.pause=50ms"]);
        Assert.That(lines, Has.Some.Match("^parameter.updates=3: stands, [0-9]+ of [0-9]+ with it, 0 of [0-9]+ with 2,"));
        Assert.That(reduction.Experiments.Select(one => one.Condition), Does.Contain("parameter.updates=3"));
    }

    [Test]
    public void An_image_that_fails_by_its_size_and_one_that_fails_by_its_own_bytes_are_told_apart()
    {
        string[] image = ["image=large.bin"];
        const string Sequence = "sequence: one\nboard: kv58\nsteps:\n  - reset: {by: probe}\n  - update\n";
        var bySize = Follow(Sequence, 1, new ModelBoard("large.bin", 65536, now => now.Image.Size > 40_000), out _, image);
        var byBytes = Follow(Sequence, 1, new ModelBoard("large.bin", 65536, now => now.Image.Name == "large.bin"), out _, image);
        Assert.That(bySize, Has.Some.Match("^image-size=65536: stands, [0-9]+ of [0-9]+ with it, 0 of [0-9]+ with 32768, .*confirmed"));
        Assert.That(byBytes, Has.Some.Match("^image-size=65536: falls, 0 of [0-9]+ with it, .*what was put in its place is not what fails"));
    }

    [Test]
    public void An_experiment_is_read_back_from_the_sequence_that_was_ordered()
    {
        var failing = new FailingCycle("kv58", new Fingerprint("update", "write-memory", "10203", ""), [new("reset", "by=probe")], new("update", "")) { Image = new CycleImage("made-1025-7", null) };
        foreach (var (condition, other) in new[] { ("baud=460800", "57600"), ("gap=between 2.5 ms, inside 8 ms", "none"), ("gap=none", "inside 1 ms"), ("image=made-1025-7", "made-512-3") })
        {
            var arms = ConditionArms.Of(condition, [other], failing, new Candidate(1), switchesPower: true, null, 20)!;
            var again = ConditionArms.Parse(SequenceFile.Parse("confirm", arms.Text))!;
            Assert.That((again.Condition, again.Otherwise, again.Text), Is.EqualTo((condition, other, arms.Text)));
            var (first, second) = (again.CyclesOf(true, 5), again.CyclesOf(false, 5));
            Assert.That(Enumerable.Range(1, 20).Count(first), Is.EqualTo(Enumerable.Range(1, 20).Count(second)).And.GreaterThanOrEqualTo(5));
            Assert.That(Enumerable.Range(1, 20).Where(cycle => first(cycle) && second(cycle)), Is.Empty);
        }
    }

    [TestCase("app-at-boot=application")]
    [TestCase("updates-since-reset>=2")]
    [TestCase("parameter.size=1")]
    [TestCase("image=other.bin")]
    [TestCase("baud=none")]
    [TestCase("gap=sometimes")]
    public void What_no_sequence_can_set_or_did_not_fail_is_not_tried(string condition)
    {
        var failing = new FailingCycle("kv58", new Fingerprint("update", "write-memory", "10203", ""), [], new("update", "")) { Image = new CycleImage("app.bin", 6144) };
        Assert.That(ConditionArms.Of(condition, ["57600"], failing, new Candidate(0), switchesPower: true, null, 20), Is.Null);
    }

    /// <summary>A night of the sequence, its flag, and the reduction of its first failure to the end.</summary>
    /// <param name="triggers">Instead of those that the night's data support.</param>
    private static List<string> Follow(string sequence, int seed, ModelBoard board, out Reduction reduction, IReadOnlyList<string>? triggers = null)
    {
        var night = board.Run("r-night", "kv58-1", sequence, 60, seed, Evening);
        var judge = new FlagJudge();
        foreach (var sample in SampleReader.From(night))
            judge.Add(sample);
        var flag = judge.Judge().First(flag => flag.IsProduct);
        if (triggers is not null)
        {
            var others = new Dictionary<string, IReadOnlyList<string>> { ["parameter.updates=3"] = ["2"], ["parameter.pause=50ms"] = ["1ms"] };
            flag = flag with { Class = FlagClass.Conditional, Triggers = [.. triggers.Select(one => new Trigger(one, one, flag.Rate, flag.Rate with { Failures = 0 }, 1e-9, 1) { Bits = 20, Otherwise = others })] };
        }
        else
        {
            Assert.That(flag.BestTriggers.Count(), Is.GreaterThan(1), $"seed {seed}: the night cannot tell them apart");
        }
        reduction = new Reduction(FailingCycle.Find(night, flag.Fingerprint)!, flag, switchesPower: true, 150, origin: SequenceFile.Parse("mixed", sequence));
        while (reduction.Next() is { } run)
            reduction.Record(run, reduction.OutcomesOf(run, [(run.Seed, board.Run("r-try", "kv58-1", run.Text, run.Cycles, run.Seed, Evening))]));
        Assert.That(reduction.Result, Is.Not.Null);
        Assert.That(reduction.Spent, Is.LessThanOrEqualTo(150));
        var lines = reduction.Discriminate(reduction.Result!).ToList();
        TestContext.Out.WriteLine(string.Join('\n', lines.Prepend(reduction.Result!.Sentence)));
        return lines;
    }
}
