using HilRig.Analysis.Flags;
using HilRig.Model.Flags;
using HilRig.Model.Runs;
using NUnit.Framework;

namespace HilRig.Tests.Analysis.Flags;

/// <summary>Flags of live samples: what one fingerprint's triggers, releases and agents say.</summary>
public class LiveFlagTests
{
    [Test]
    public void Two_conditions_that_are_needed_jointly_are_named_together([Range(1, 5)] int seed)
    {
        var flag = Judge(LiveSamples.Draw(seed, 2000, (now, random) =>
            now.Step == "update" && now.Is("image", "large.bin") && now.Is("baud", "460800") && random.NextDouble() < 0.3 ? "10202" : null)).Single();
        Assert.That(flag.Class, Is.EqualTo(FlagClass.Conditional));
        Assert.That(flag.Triggers[0].Condition, Is.EqualTo("image=large.bin AND baud=460800"));
        Assert.That(flag.Triggers[0].Sentence, Is.EqualTo("the image was large.bin and the line ran at 460800 baud"));
        Assert.That(flag.Triggers[0].ByBoard, Does.StartWith("the same on each of 6 boards"));
    }

    [Test]
    public void Two_faults_behind_one_status_are_told_apart([Range(1, 5)] int seed)
    {
        var flag = Judge(LiveSamples.Draw(seed, 4000, (now, random) =>
            now.Step == "update" && (now.Is("app-at-boot", "application") && random.NextDouble() < 0.2 || now.Is("baud", "460800") && random.NextDouble() < 0.1) ? "10203" : null)).Single();
        Assert.That(flag.Triggers.Where(trigger => trigger.Rank == 1).Select(trigger => trigger.Condition), Does.Contain("app-at-boot=application"));
        Assert.That(flag.Triggers.Where(trigger => trigger.Rank == 2).Select(trigger => trigger.Condition), Does.Contain("baud=460800"));
    }

    [Test]
    public void A_failure_that_the_release_before_had_not_is_new_and_one_that_is_gone_has_recovered()
    {
        string? Fails(LiveSamples.Situation now, Random random) => now.Step == "update" && random.NextDouble() < 0.05 ? "10005" : null;
        var later = LiveSamples.Draw(2, 2000, Fails, "r2").Select(sample => sample with { At = sample.At.AddDays(1) });
        var last = LiveSamples.Draw(3, 2000, (_, _) => null, "r3").Select(sample => sample with { At = sample.At.AddDays(2) });
        var flags = Judge([.. LiveSamples.Draw(1, 2000, (_, _) => null, "r1"), .. later, .. last]);
        Assert.That(flags.Select(flag => (flag.Release, flag.Class, flag.IsNew)), Is.EqualTo(new[] { ("r2", FlagClass.Intermittent, true), ("r3", FlagClass.Recovered, false) }));
        Assert.That(flags[1].Rule, Does.StartWith("Recovered: r2 failed "));
    }

    [Test]
    public void Too_small_a_baseline_says_how_many_trials_it_would_need()
    {
        var flags = Judge([
            .. LiveSamples.Draw(1, 40, (_, _) => null, "r1"),
            .. LiveSamples.Draw(2, 2000, (now, random) => now.Step == "update" && random.NextDouble() < 0.05 ? "10005" : null, "r2").Select(sample => sample with { At = sample.At.AddDays(1) }),
        ]);
        Assert.That(flags.Single().IsNew, Is.False);
        Assert.That(flags.Single().Rule, Does.Match("New\\? r1 had none in \\d+ trials; \\d+ are needed"));
    }

    [Test]
    public void Silence_of_one_kind_of_step_on_several_agents_is_the_products()
    {
        var flag = Judge(LiveSamples.Draw(1, 3000, (now, random) => now.Step == "update" && random.NextDouble() < 0.02 ? "silence" : null)).Single();
        Assert.That(flag.Class, Is.EqualTo(FlagClass.Intermittent));
        Assert.That(flag.Rule, Does.Contain("on 2 agents").And.Contain("a silence of the product"));
    }

    [Test]
    public void Silence_that_comes_in_one_hour_says_so()
    {
        var flag = Judge(LiveSamples.Draw(1, 3000, (now, random) => now.Step == "update" && now.At.Hour == 3 && random.NextDouble() < 0.4 ? "silence" : null)).Single();
        Assert.That(flag.Rule, Does.Contain("that the hour of the day was 03 UTC tells failures from passes better than any state of the board"));
    }

    [Test]
    public void Silence_that_gathers_on_one_agent_is_the_rigs()
    {
        var flags = Judge(LiveSamples.Draw(1, 3000, (now, random) => now.Step == "update" && now.Agent == "lab-2" && random.NextDouble() < 0.02 ? "silence" : null));
        Assert.That(flags.Single().Class, Is.EqualTo(FlagClass.Rig));
        Assert.That(flags.Single().Rule, Does.Contain("failures were on lab-2"));
    }

    [Test]
    public void Silence_that_gathers_on_one_hub_is_the_rigs_and_where_no_hub_is_named_nobody_knows()
    {
        var samples = LiveSamples.Draw(1, 3000, (now, random) => now.Step == "update" && IsOnTheBadHub(now.Place) && random.NextDouble() < 0.05 ? "silence" : null, agents: 1);
        Assert.That(Judge(samples).Single().Class, Is.EqualTo(FlagClass.Observed));

        var flag = Judge(samples.Select(OnItsHub)).Single();
        Assert.That(flag.Class, Is.EqualTo(FlagClass.Rig), flag.Rule);
        Assert.That(flag.Rule, Does.Contain("On a hub: ").And.Contain("failures were on hub usb-b of lab-1"));
    }

    [Test]
    public void Silence_of_one_board_is_not_laid_upon_its_hub()
    {
        var samples = LiveSamples.Draw(1, 3000, (now, random) => now.Step == "update" && now.Place == "kv58-6" && random.NextDouble() < 0.05 ? "silence" : null, agents: 1);
        Assert.That(Judge(samples.Select(OnItsHub)).Single().Class, Is.EqualTo(FlagClass.Observed));
    }

    [Test]
    public void A_storm_of_one_hub_is_the_rigs_however_many_boards_the_agent_has()
    {
        static bool IsInTheStorm(int trial) => trial is >= 1500 and < 1560;
        var index = 0;
        var samples = LiveSamples.Draw(1, 3000, (now, _) => IsInTheStorm(index++) && IsOnTheBadHub(now.Place) ? "silence" : null, boards: 12, agents: 1)
            .Select((sample, trial) => sample with { At = sample.At.AddSeconds(-19 * trial) }).ToList();
        Assert.That(Judge(samples).Select(flag => flag.Class), Is.All.EqualTo(FlagClass.Observed).And.Exactly(2).Items);

        var flags = Judge(samples.Select(OnItsHub));
        Assert.That(flags.Select(flag => flag.Class), Is.All.EqualTo(FlagClass.Rig).And.Exactly(2).Items);
        Assert.That(flags[0].Rule, Does.Contain("in storms"));
    }

    private static bool IsOnTheBadHub(string place) => place is "kv58-5" or "kv58-6";

    private static StepSample OnItsHub(StepSample sample) => sample with { Hub = IsOnTheBadHub(sample.Place) ? "usb-b" : "usb-a" };

    [Test]
    public void A_storm_is_the_rigs()
    {
        var index = 0;
        var flags = Judge(LiveSamples.Draw(1, 3000, (_, _) => index++ is >= 1500 and < 1560 ? "silence" : null));
        Assert.That(flags, Is.Not.Empty);
        Assert.That(flags.Select(flag => flag.Class), Is.All.EqualTo(FlagClass.Rig));
        Assert.That(flags[0].Rule, Does.Contain("in storms"));
    }

    [Test]
    public void Judging_event_by_event_is_judging_the_whole_history([Range(1, 8)] int seed)
    {
        var samples = LiveSamples.Draw(seed, 300, (now, random) => random.NextDouble() switch
        {
            < 0.03 => "silence",
            < 0.2 when now.Is("app-at-boot", "application") => "10203",
            < 0.23 => "10005",
            _ => null,
        }).Select((sample, index) => sample with { Release = index < 150 ? "r1" : "r2" }).ToList();
        var judge = new FlagJudge();
        for (var i = 0; i < samples.Count; i++)
        {
            judge.Add(samples[i]);
            if (i % 20 == 0 || i == samples.Count - 1)
                Assert.That(Print(judge.Judge()), Is.EqualTo(Print(Judge(samples.Take(i + 1)))), $"seed {seed}, after {i + 1} samples");
        }
    }

    [Test]
    public void The_id_of_a_flag_never_changes()
    {
        var flag = Judge(LiveSamples.Draw(1, 200, (now, _) => now.Step == "update" ? "10203" : null)).Single();
        Assert.That(flag.Fingerprint.Key, Is.EqualTo("f1/update/write-memory/10203"));
        Assert.That(flag.Id, Is.EqualTo("kboot-2-0-mix-update-10203-53feadf2"), "links, known issues and dossiers name it");
        var ofText = Judge(LiveSamples.Draw(1, 200, (now, _) => now.Step == "update" ? "10203" : null).Select(sample => sample with { Revision = "5e9a0c" })).Single();
        Assert.That(ofText.Id, Is.EqualTo("kboot-2-0-mix-update-10203-8baec78c"), "whatever other revisions ran, before or after");
    }

    [Test]
    public void A_code_whose_name_was_mended_is_the_same_failure()
    {
        var samples = LiveSamples.Draw(1, 200, (now, _) => now.Step == "update" ? "10203" : null)
            .Select((sample, index) => index < 100 || sample.Fingerprint is null ? sample : sample with { Fingerprint = sample.Fingerprint with { CodeName = "mended" } });
        Assert.That(Judge(samples).Single().Rate.Failures, Is.EqualTo(Judge(LiveSamples.Draw(1, 200, (now, _) => now.Step == "update" ? "10203" : null)).Single().Rate.Failures));
    }

    private static IReadOnlyList<Flag> Judge(IEnumerable<StepSample> samples)
    {
        var judge = new FlagJudge();
        foreach (var sample in samples)
            judge.Add(sample);
        return judge.Judge();
    }

    private static string Print(IReadOnlyList<Flag> flags) => System.Text.Json.JsonSerializer.Serialize(flags, RunJson.Options);
}
