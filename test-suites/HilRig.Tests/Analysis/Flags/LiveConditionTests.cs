using HilRig.Analysis.Flags;
using HilRig.Model.Flags;
using HilRig.Model.Runs;
using NUnit.Framework;

namespace HilRig.Tests.Analysis.Flags;

/// <summary>Conditions that no event carries but a run's samples tell, and power sessions.</summary>
public class LiveConditionTests
{
    private static readonly string[] Steps = ["reset", "erase-all", "verify", "update", "update", "ping"];

    [Test]
    public void The_step_before_the_last_is_told_by_the_samples([Range(1, 3)] int seed) =>
        Assert.That(Best(Night(seed, 4000, now => now.Step == "update" && now.BeforeLast == "verify")), Does.Contain(("step-before-last=verify", "the step before the last was verify")));

    [Test]
    public void So_is_whether_the_image_is_the_one_of_the_update_before([Range(1, 3)] int seed) =>
        Assert.That(Best(Night(seed, 4000, now => now.Step == "update" && now.IsSameImage == true)), Does.Contain(("same-image=yes", "the image was the one that the update before wrote: yes")));

    [Test]
    public void So_is_the_time_since_the_reset([Range(1, 3)] int seed) =>
        Assert.That(Best(Night(seed, 4000, now => now.Step == "update" && now.SinceReset >= 60)), Does.Contain(("seconds-since-reset>=60", "60 s or more since the last reset")));

    [Test]
    public void An_agent_or_an_hour_is_no_trigger_but_a_place_to_look([Range(1, 3)] int seed)
    {
        var agent = Judge(Night(seed, 4000, now => now.Step == "update" && now.Agent == "lab-2")).Single();
        var hour = Judge(Night(seed, 4000, now => now.Step == "update" && now.Hour == 23)).Single();
        Assert.That((agent.Class, hour.Class), Is.EqualTo((FlagClass.Intermittent, FlagClass.Intermittent)));
        Assert.That(agent.Rule, Does.Contain("that the agent was lab-2 tells failures from passes better than any state of the board"));
        Assert.That(hour.Rule, Does.Contain("that the hour of the day was 23 UTC tells failures from passes better"));
    }

    [Test]
    public void Bad_power_sessions_are_told_and_make_no_trigger_of_what_only_follows_from_them([Range(1, 3)] int seed)
    {
        var night = Night(seed, 12_000, now => now.Step == "update" && now.Session % 10 == 0);
        var flag = Judge(night).Single();
        var blind = Judge(night.Select(sample => sample with { Conditions = sample.Conditions.Where(pair => pair.Key != ConditionVocabulary.CyclesSincePower).ToDictionary() })).Single();
        Assert.That((blind.Class, blind.Triggers[0].Condition), Is.EqualTo((FlagClass.Conditional, "previous-cycle=fail")), "without sessions a failure seems to follow from the one before");
        Assert.That(flag.Class, Is.EqualTo(FlagClass.Intermittent));
        Assert.That(flag.Rule, Does.Match("failures cluster by power session, in [0-9]+ of [0-9]+ \\(z = [0-9.]+\\): the session, not the cycle, is the unit to count"));
    }

    [Test]
    public void A_cause_that_holds_in_every_session_stays_a_trigger_though_failures_cluster([Range(1, 3)] int seed)
    {
        // In every third session the image alone decides, in the others nothing fails.
        var flag = Judge(Night(seed, 12_000, now => now.Step == "update" && now.Session % 3 == 0 && now.Image == "large.bin")).Single();
        Assert.That((flag.Class, flag.Triggers[0].Condition), Is.EqualTo((FlagClass.Conditional, "image=large.bin")));
    }

    [Test]
    public void In_whatever_order_runs_arrive_the_flags_are_the_same([Range(1, 3)] int seed)
    {
        var night = Night(seed, 3000, now => now.Step == "update" && (now.BeforeLast == "verify" || now.SinceReset >= 60));
        var runs = night.GroupBy(sample => sample.RunId).Select(run => run.ToList()).ToList();
        var judge = new FlagJudge();
        foreach (var (index, sample) in night.Index())
        {
            judge.Add(sample);
            if (index % 500 == 0)
                judge.Judge();
        }
        Assert.That(Print(judge.Judge()), Is.EqualTo(Print(Judge(Enumerable.Reverse(runs).SelectMany(run => run)))));
    }

    private static IEnumerable<(string, string)> Best(IEnumerable<StepSample> samples)
    {
        var flag = Judge(samples).Single();
        Assert.That(flag.Class, Is.EqualTo(FlagClass.Conditional), flag.Rule);
        return flag.BestTriggers.Select(trigger => (trigger.Condition, trigger.Sentence));
    }

    /// <summary>Runs of random steps on four boards of two agents; where <paramref name="isProne"/>, half of the trials fail.</summary>
    private static List<StepSample> Night(int seed, int steps, Func<Now, bool> isProne)
    {
        var samples = new List<StepSample>();
        foreach (var board in Enumerable.Range(1, 4))
        {
            var random = new Random(100 * seed + board);
            var (at, cycle, index, sincePower, session) = (new DateTimeOffset(2026, 1, 5, 20, 0, 0, TimeSpan.Zero), 1, 0, 0, board);
            var (previous, beforeLast, image, written, previousCycle) = ("none", (string?)null, "small.bin", (string?)null, "none");
            DateTimeOffset? reset = null;
            for (var number = 1; number <= steps / 4; number++)
            {
                var step = Steps[random.Next(Steps.Length)];
                var now = new Now(step, beforeLast, written is null ? null : written == image, reset is { } since ? (at - since).TotalSeconds : 0, image, $"lab-{1 + (board - 1) / 2}", at.AddSeconds(1).Hour, session);
                at = at.AddSeconds(1 + random.Next(1, 40));
                var failed = isProne(now with { Hour = at.Hour }) && random.Next(2) == 0;
                samples.Add(new StepSample(
                    $"r-{board}", number, at, "r1", "walk", "d1", now.Agent, $"kv58-{board}", cycle, index, step, failed ? Verdict.Fail : Verdict.Pass, failed ? Layer.Product : Layer.None,
                    failed ? new Fingerprint(step, "write-memory", "10203", "") : null, false,
                    new Dictionary<string, string>
                    {
                        [ConditionVocabulary.PreviousStep] = previous, [ConditionVocabulary.Image] = image, [ConditionVocabulary.Board] = $"kv58-{board}",
                        [ConditionVocabulary.PreviousCycle] = previousCycle, [ConditionVocabulary.CyclesSincePower] = $"{sincePower}",
                    }));
                written = step == "update" ? image : written;
                reset = failed ? null : step == "reset" ? at : reset;
                (beforeLast, previous) = (failed || previous == "none" ? null : previous, step);
                index++;
                if (!failed && index < 6)
                    continue;
                (cycle, index, image, previousCycle, sincePower) = (cycle + 1, 0, random.Next(2) == 0 ? "small.bin" : "large.bin", failed ? "fail" : "pass", sincePower + 1);
                if (random.Next(8) == 0)
                    (sincePower, session) = (0, session + 4);
            }
        }
        return [.. samples.OrderBy(sample => sample.At).ThenBy(sample => sample.RunId, StringComparer.Ordinal)];
    }

    private static IReadOnlyList<Flag> Judge(IEnumerable<StepSample> samples)
    {
        var judge = new FlagJudge();
        foreach (var sample in samples)
            judge.Add(sample);
        return judge.Judge();
    }

    private static string Print(IReadOnlyList<Flag> flags) => System.Text.Json.JsonSerializer.Serialize(flags, RunJson.Options);

    /// <param name="SinceReset">Seconds up to the end of the step before.</param>
    private sealed record Now(string Step, string? BeforeLast, bool? IsSameImage, double SinceReset, string Image, string Agent, int Hour, int Session);
}
