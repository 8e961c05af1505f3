using HilRig.Analysis.Flags;
using HilRig.Model.Flags;
using HilRig.Model.Runs;
using NUnit.Framework;

namespace HilRig.Tests.Analysis.Flags;

public class LiveDriftTests
{
    private const int Trials = 6_000;

    [Test]
    public void A_rate_that_changed_in_the_night_is_told_with_its_place_and_how_surely()
    {
        var begin = new DateTimeOffset(2026, 1, 5, 22, 0, 0, TimeSpan.Zero);
        var flag = Judge(Draw(1, "kboot-2.0", trial => trial < Trials / 2 ? 0.002 : 0.1)).Single(flag => flag.Fingerprint.Code == "10005");

        var change = flag.Changes.Single();
        var truth = begin.AddSeconds(20 * Trials / 2);
        Assert.That(change.Earliest, Is.LessThan(truth).And.GreaterThan(begin.AddHours(10)));
        Assert.That(change.Latest, Is.GreaterThan(truth).And.LessThan(begin.AddHours(24)));
        Assert.That(change.After.Value, Is.EqualTo(0.1).Within(0.02));
        Assert.That(change.Confidence, Is.GreaterThan(0.9999));
        Assert.That(flag.Rule, Does.Contain($"Drift: {change.Sentence}."));
    }

    [Test]
    public void A_rate_that_changed_with_the_release_names_the_release()
    {
        var flags = Judge([.. Draw(2, "kboot-2.0", _ => 0.003), .. Draw(3, "kboot-2.1", _ => 0.05, TimeSpan.FromDays(1))]);
        var change = flags.Single(flag => flag.Release == "kboot-2.1").Changes.Single();
        Assert.That((change.Since, change.Earliest), Is.EqualTo(("release kboot-2.1", (DateTimeOffset?)null)));
        Assert.That(flags.Single(flag => flag.Release == "kboot-2.0").Changes, Is.Empty);
    }

    [Test]
    public void Boards_that_fail_at_one_moment_are_counted_one_by_one()
    {
        // Forty boards in step: every moment has forty trials, and from the middle on all of them fail.
        var begin = new DateTimeOffset(2026, 1, 5, 22, 0, 0, TimeSpan.Zero);
        var update = LiveSamples.Draw(4, Trials, (_, _) => null, boards: 40).Where(sample => sample.Step == "update").ToList();
        var code = new Fingerprint("update", "write-memory", "10005", "");
        var flag = Judge(update.Select((sample, trial) => sample with
        {
            At = begin.AddSeconds(20 * (trial / 40)),
            Verdict = trial < 2_000 ? Verdict.Pass : Verdict.Fail,
            Layer = trial < 2_000 ? Layer.None : Layer.Product,
            Fingerprint = trial < 2_000 ? null : code,
        })).Single();

        var change = flag.Changes.Single();
        Assert.That((change.Before.Failures, change.Before.Trials, change.After.Failures, change.After.Trials), Is.EqualTo((0, 2_000, update.Count - 2_000, update.Count - 2_000)));
    }

    [Test]
    public void A_day_that_fails_several_times_as_often_as_those_before_rings_before_two_rates_are_proven()
    {
        // 20 s a trial: 6,000 trials are 33 hours. Four failures in the days before; in the last one they come one after the other.
        var update = LiveSamples.Draw(4, 4 * Trials, (_, _) => null).Where(sample => sample.Step == "update").ToList();
        var failing = new HashSet<int> { 900, 3_100, 5_600, 7_900 };
        failing.UnionWith(Enumerable.Range(0, 6).Select(number => update.Count - 1_000 + 60 * number));
        var samples = update.Select((sample, trial) => !failing.Contains(trial) ? sample : sample with
        {
            Verdict = Verdict.Fail, Layer = Layer.Product, Fingerprint = new Fingerprint("update", "write-memory", "10005", ""),
        }).ToList();

        var quiet = Judge(samples.Take(update.Count - 850)).Single();
        Assert.That(quiet.Changes, Is.Empty, "three in a day may be chance");

        var alarm = Judge(samples).Single().Changes.Single();
        Assert.That((alarm.IsAlarm, alarm.Earliest < samples[^1_000].At, alarm.Latest > samples[^801].At), Is.EqualTo((true, true, true)));
        Assert.That(alarm.Sentence, Does.Contain("more often since").And.Contain("4 of").And.Contain("until the alarm"));
    }

    [TestCase(1, 1)]
    [TestCase(1, 0)]
    [TestCase(40, 30)]
    public void Where_it_fails_often_anyway_or_next_to_nothing_is_known_nothing_rings(int trials, int failing)
    {
        var one = LiveSamples.Draw(1, 1, (_, _) => null)[0] with { Step = "update" };
        StepSample Trial(int number, bool fails, DateTimeOffset at) => one with
        {
            Number = number, Cycle = 10 * number, At = at, Verdict = fails ? Verdict.Fail : Verdict.Pass, Layer = fails ? Layer.Product : Layer.None,
            Fingerprint = fails ? new Fingerprint("update", "write-memory", "10005", "") : null,
        };
        var before = Enumerable.Range(0, trials).Select(trial => Trial(trial, trial < failing, one.At.AddMinutes(5 * trial)));
        var later = Enumerable.Range(trials, 20).Select(trial => Trial(trial, trial % 4 == 0, one.At.AddDays(2).AddMinutes(5 * trial)));

        var flags = Judge(before.Concat(later).ToList());

        Assert.That(flags.SelectMany(flag => flag.Changes).Where(change => change.IsAlarm), Is.Empty);
        Assert.That(() => System.Text.Json.JsonSerializer.Serialize(flags, RunJson.Options), Throws.Nothing);
    }

    [Test]
    public void Runs_that_are_read_one_after_the_other_cost_no_more_than_those_that_came_side_by_side()
    {
        var code = new Fingerprint("update", "write-memory", "10005", "");
        var one = LiveSamples.Draw(1, 1, (_, _) => null)[0] with { Step = "update", Verdict = Verdict.Fail, Layer = Layer.Product, Fingerprint = code };
        var byTime = Enumerable.Range(0, 80_000).Select(trial => one with { RunId = $"r-{trial % 40}", Number = trial, Cycle = trial / 40, At = one.At.AddSeconds(trial) }).ToList();
        var byRun = byTime.OrderBy(sample => sample.RunId, StringComparer.Ordinal).ToList();
        // The least of several: whatever else runs makes one slow now and then.
        var (sideBySide, oneByOne) = (Enumerable.Range(0, 3).Min(_ => TimeOf(byTime)), Enumerable.Range(0, 3).Min(_ => TimeOf(byRun)));

        Assert.That(oneByOne, Is.LessThan(8 * sideBySide));

        static TimeSpan TimeOf(IEnumerable<StepSample> samples)
        {
            var began = System.Diagnostics.Stopwatch.GetTimestamp();
            Judge(samples);
            return System.Diagnostics.Stopwatch.GetElapsedTime(began);
        }
    }

    [Test]
    public void A_steady_rate_changes_nowhere([Range(1, 10)] int seed) =>
        Assert.That(Judge(Draw(seed, "kboot-2.0", _ => 0.01)).SelectMany(flag => flag.Changes), Is.Empty);

    private static IEnumerable<StepSample> Draw(int seed, string release, Func<int, double> rate, TimeSpan later = default)
    {
        var trial = 0;
        return LiveSamples.Draw(seed, Trials, (situation, random) => random.NextDouble() < rate(trial++) && situation.Step == "update" ? "10005" : null, release)
            .Select(sample => sample with { At = sample.At + later });
    }

    private static IReadOnlyList<Flag> Judge(IEnumerable<StepSample> samples)
    {
        var judge = new FlagJudge();
        foreach (var sample in samples)
            judge.Add(sample);
        return judge.Judge();
    }
}
