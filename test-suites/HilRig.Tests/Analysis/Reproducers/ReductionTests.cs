using HilRig.Analysis.Rates;
using HilRig.Analysis.Reproducers;
using HilRig.Model.Flags;
using HilRig.Model.Runs;
using HilRig.Model.Sequences;
using NUnit.Framework;

namespace HilRig.Tests.Analysis.Reproducers;

/// <summary>The whole way from a failing cycle to its reproducer, on a board that fails after an update and a reset, and with an image of at least 1,000 bytes.</summary>
public class ReductionTests
{
    private static readonly Fingerprint Busy = new("update", "write-memory", "10203", "");
    private static readonly FailingCycle Failing = new("kv58", Busy,
        [new("erase-all", ""), new("reset", "by=power"), new("update", ""), new("verify", "by=swd"), new("reset", "by=probe"), new("erase-region", "")], new("update", "")) { Image = new CycleImage("app-6k.bin", 6144) };

    [Test]
    public void It_never_spends_more_cycles_than_it_may([Values(20, 45, 150)] int budget, [Values(1.0, 0.3, 0.05)] double rate, [Values(1, 3)] int boards)
    {
        for (var seed = 1; seed <= 4; seed++)
        {
            var (reduction, board) = (New(rate, budget, boards), new Board(rate, seed));
            while (reduction.Next() is { } run)
            {
                Assert.That(reduction.Spent + run.Cycles, Is.LessThanOrEqualTo(budget));
                reduction.Record(run, board.Run(run));
            }
            if (reduction.Result is { } found)
                Assert.That(Board.Fails(SequenceFile.Parse("r.yaml", reduction.ToSequence(found))), Is.True, "whatever it ends with fails");
        }
    }

    [Test]
    public void It_ends_with_the_needed_steps_and_the_smallest_image()
    {
        var (reduction, board) = (New(1, 150, 1), new Board(1, 1));
        while (reduction.Next() is { } run)
            reduction.Record(run, board.Run(run));
        Assert.That(reduction.Words(reduction.Result!.Kept), Is.EqualTo("update, reset: {by: probe}, with an image of 1536 bytes"));
        Assert.That(reduction.Result.Confirmation, Does.Contain("confirmed at 95 %"));
        Assert.That(SequenceFile.Parse("r.yaml", reduction.ToSequence(reduction.Result)).Image!.Size!.Value, Is.EqualTo("1536"));
    }

    [Test]
    public void Runs_that_end_before_the_step_in_question_are_counted_until_one_comes_as_far()
    {
        var (reduction, board) = (New(1, 150, 1), new Board(1, 1));
        for (var number = 1; number <= Reduction.MostBarren; number++)
        {
            reduction.Record(reduction.Next()!, ReductionOutcomes.None with { With = new CycleOutcomes(0, 0, 1) });
            Assert.That(reduction.Barren, Is.EqualTo(number));
        }
        var run = reduction.Next()!;
        reduction.Record(run, board.Run(run));
        Assert.That(reduction.Barren, Is.Zero);
    }

    [Test]
    public void Stopped_anywhere_it_goes_on_as_if_it_had_not_been([Values(1, 2, 3)] int seed)
    {
        var (whole, board, log) = (New(0.4, 150, 1), new Board(0.4, seed), new List<(ReductionRun, ReductionOutcomes)>());
        while (whole.Next() is { } run)
        {
            var resumed = New(0.4, 150, 1);
            foreach (var (before, outcomes) in log)
                resumed.Record(before with { Text = "" }, outcomes);
            Assert.That((resumed.Spent, resumed.Next()?.Candidate, resumed.Next()?.Stage), Is.EqualTo((whole.Spent, run.Candidate, run.Stage)));
            log.Add((run, board.Run(run)));
            whole.Record(log[^1].Item1, log[^1].Item2);
        }
        Assert.That(log, Has.Count.GreaterThan(3));
    }

    [Test]
    public void Explanations_stand_or_fall_by_the_steps_they_name_and_what_names_none_is_not_judged()
    {
        Trigger Names(string condition) => new(condition, condition, Wilson.Rate(50, 50), Wilson.Rate(0, 300), 1e-9, 1) { Bits = 30 };
        var (reduction, board) = (New(1, 150, 1, Names("app-at-boot=application"), Names("erases-since-reset>=1"), Names("usb-latency=16")), new Board(1, 1));
        while (reduction.Next() is { } run)
            reduction.Record(run, board.Run(run));

        Assert.That(reduction.Discriminate(reduction.Result!), Is.EqualTo(new[]
        {
            "app-at-boot=application: stands, its steps are needed",
            "erases-since-reset>=1: falls, it fails without erase-region",
            "usb-latency=16: it names no step, so this experiment does not tell",
        }));
        Assert.That(New(1, 150, 1).Discriminate(reduction.Result!), Is.Empty, "one explanation has no rival");
    }

    [Test]
    public void A_failure_while_an_explanation_does_not_hold_is_held_against_it_from_the_second_on_and_beyond_the_background([Values(1, 2)] int failures, [Values(0, 10)] int otherwise)
    {
        Trigger Names(string condition) => new(condition, condition, Wilson.Rate(50, 50), Wilson.Rate(otherwise, 300), 1e-9, 1) { Bits = 30 };
        var (reduction, board) = (New(1, 150, 1, Names("app-at-boot=application"), Names("boot-number>=9")), new Board(1, 1));
        var events = Enumerable.Range(1, failures).Select(cycle => new RunEvent("r", cycle, default, new StepEnded(
            cycle, 0, StepPhase.Steps, "update", "", Verdict.Fail, Layer.Product, new Failure("write-memory", "10203", "", "x"), 1, false,
            new Dictionary<string, string> { [ConditionVocabulary.BootNumber] = "3" }, new Dictionary<string, double>(), []))).ToList();
        var first = reduction.Next()!;
        reduction.Record(first, board.Run(first) with { Against = reduction.OutcomesOf(first, [(1, events)]).Against });
        while (reduction.Next() is { } run)
            reduction.Record(run, board.Run(run));

        Assert.That(reduction.Discriminate(reduction.Result!).Last(), Is.EqualTo(failures == 2 && otherwise == 0
            ? "boot-number>=9: falls, it failed 2 times while that did not hold" : "boot-number>=9: it names no step, so this experiment does not tell"));
    }

    private static Reduction New(double rate, int budget, int boards, params Trigger[] triggers)
    {
        var trials = 200;
        var seen = Wilson.Rate((int)(rate * trials), trials);
        var trigger = new Trigger("app-at-boot=application", "the application lay there", seen, Wilson.Rate(0, 300), 1e-9, 1) { Bits = 30 };
        var flag = new Flag("f", "r", "s", "", ["kv58-1"], Busy, FlagClass.Conditional, seen, Wilson.Rate(0, 1), default, default, "", triggers.Length == 0 ? [trigger] : triggers);
        return new Reduction(Failing, flag, switchesPower: true, budget, boards);
    }

    private sealed class Board(double rate, int seed)
    {
        private readonly Random random = new(seed);

        public ReductionOutcomes Run(ReductionRun run)
        {
            var sequence = SequenceFile.Parse("c.yaml", run.Text);
            var isDrawn = sequence.Steps.OfType<Choose>().Any();
            var (with, without) = (new List<bool>(), new List<bool>());
            for (var cycle = 1; cycle <= run.Cycles; cycle++)
            {
                var made = !isDrawn || FailingCycle.MakesThem(sequence, run.Seed, cycle);
                (made ? with : without).Add(made && Fails(sequence) && random.NextDouble() < rate);
            }
            return new ReductionOutcomes(Count(with), Count(without));
        }

        /// <summary>An update and, later, a reset; as the steps stand, those of a drawn branch made.</summary>
        public static bool Fails(Sequence sequence)
        {
            var names = sequence.Steps.Skip(3).SelectMany(node => node is Choose choose ? choose.Branches[0].Steps : [node]).Cast<StepCall>().Select(step => step.Name).ToList();
            var bytes = sequence.Image is { Size.Value: var size } ? int.Parse(size, System.Globalization.CultureInfo.InvariantCulture) : 6144;
            return names.IndexOf("update") is var update && update < names.LastIndexOf("reset") && bytes >= 1000;
        }

        private static CycleOutcomes Count(List<bool> failed) => new(failed.Count(one => one), failed.Count(one => !one), 0);
    }
}
