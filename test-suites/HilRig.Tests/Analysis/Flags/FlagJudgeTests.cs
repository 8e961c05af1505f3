using HilRig.Analysis.Flags;
using HilRig.Model.Flags;
using HilRig.Model.Runs;
using NUnit.Framework;

namespace HilRig.Tests.Analysis.Flags;

public class FlagJudgeTests
{
    [Test]
    public void The_stale_cache_is_conditional_on_the_application_at_boot([Range(1, 20)] int seed)
    {
        var flag = Judge(new UpdateCampaign(seed).Cycles(80)).Single();
        TestContext.Out.WriteLine(flag.Rule);
        Assert.That(flag.Class, Is.EqualTo(FlagClass.Conditional));
        Assert.That(flag.BestTriggers.Select(trigger => trigger.Condition), Does.Contain("app-at-boot=application"));
        var trigger = flag.BestTriggers.First(best => best.Condition == "app-at-boot=application");
        Assert.That(trigger.Sufficiency, Is.EqualTo(1));
        Assert.That(trigger.Necessity, Is.EqualTo(1));
        Assert.That(flag.Explain(trigger), Is.EqualTo(
            $"10203 on update: {flag.Rate.Failures} of {flag.Rate.Failures} when the application area held application at the bootloader's start, " +
            $"0 of {flag.Rate.Trials - flag.Rate.Failures} otherwise"));
    }

    [Test]
    public void The_true_cause_stays_first_when_it_fails_only_at_times([Range(1, 10)] int seed)
    {
        var flag = Judge(new UpdateCampaign(seed) { StaleFailure = 0.5 }.Cycles(400)).Single();
        Assert.That(flag.Class, Is.EqualTo(FlagClass.Conditional));
        Assert.That(flag.BestTriggers.Select(trigger => trigger.Condition), Is.EqualTo(new[] { "app-at-boot=application" }));
    }

    [Test]
    public void A_failure_by_chance_is_intermittent_and_no_condition_is_supported([Range(1, 20)] int seed)
    {
        var flag = Judge(new UpdateCampaign(seed) { StaleFailure = 0, RandomFailure = 0.05 }.Cycles(400)).Single();
        Assert.That(flag.Class, Is.EqualTo(FlagClass.Intermittent));
        Assert.That(flag.Triggers.Where(trigger => trigger.Bits >= 7), Is.Empty);
    }

    [Test]
    public void A_clean_board_has_no_flag() =>
        Assert.That(Judge(new UpdateCampaign(1) { StaleFailure = 0 }.Cycles(500)), Is.Empty);

    [Test]
    public void Silence_is_observed_and_never_the_products([Range(1, 5)] int seed)
    {
        var flags = Judge(new UpdateCampaign(seed) { StaleFailure = 0, Silence = 0.2 }.Cycles(300));
        Assert.That(flags, Is.Not.Empty);
        Assert.That(flags.Select(flag => flag.Class), Is.All.EqualTo(FlagClass.Observed));
        Assert.That(flags.Where(flag => flag.IsProduct), Is.Empty);
    }

    [Test]
    public void An_error_of_the_rig_is_the_rigs_and_no_trial()
    {
        var campaign = new UpdateCampaign(3) { StaleFailure = 0, RandomFailure = 0.1, Silence = 0.1, SilenceLayer = Layer.Rig, SilenceVerdict = Verdict.Error };
        var samples = campaign.Cycles(300).ToList();
        var flags = Judge(samples);
        var product = flags.Single(flag => flag.IsProduct);
        Assert.That(flags.Where(flag => flag.Fingerprint.Code == "no-response").Select(flag => flag.Class), Is.All.EqualTo(FlagClass.Rig));
        Assert.That(product.Rate.Trials, Is.EqualTo(samples.Count(sample => sample.Step == "update" && sample.Verdict is not Verdict.Error)));
        Assert.That(product.Rule, Does.Contain($"Left out of the trials: {samples.Count(sample => sample.Step == "update" && sample.Verdict is Verdict.Error)} of the rig's"));
    }

    [Test]
    public void A_step_that_always_fails_is_consistent_from_five_of_five_on()
    {
        var samples = new UpdateCampaign(1) { RandomFailure = 1 }.Cycles(12).Where(sample => sample.Step == "update").ToList();
        Assert.That(Judge(samples.Take(4)).Single().Class, Is.Not.EqualTo(FlagClass.Consistent));
        Assert.That(Judge(samples).Single().Class, Is.EqualTo(FlagClass.Consistent));
    }

    [Test]
    public void Failures_on_one_of_six_boards_are_the_boards()
    {
        var samples = Enumerable.Range(1, 6).SelectMany(board =>
            new UpdateCampaign(board, place: $"kv58-{board}") { StaleFailure = 0, RandomFailure = board == 4 ? 0.1 : 0 }.Cycles(200));
        var flag = Judge(samples).Single();
        Assert.That(flag.Class, Is.EqualTo(FlagClass.BoardSpecific));
        Assert.That(flag.Places, Is.EqualTo(new[] { "kv58-4" }));
        Assert.That(flag.IsProduct, Is.False);
    }

    [Test]
    public void One_failure_in_many_is_observed_and_the_rule_says_what_is_missing()
    {
        var samples = new UpdateCampaign(1) { StaleFailure = 0 }.Cycles(300).ToList();
        var last = samples.FindLastIndex(sample => sample.Step == "update");
        samples[last] = samples[last] with { Verdict = Verdict.Fail, Layer = Layer.Product, Fingerprint = new Fingerprint("update", "write-memory", "10200", "") };
        var flag = Judge(samples).Single();
        Assert.That(flag.Class, Is.EqualTo(FlagClass.Observed));
        Assert.That(flag.Rule, Does.Contain("a flag needs"));
    }

    [Test]
    public void The_same_samples_give_the_same_flags_in_one_go_and_one_by_one()
    {
        var samples = new UpdateCampaign(7) { Silence = 0.02, RandomFailure = 0.02 }.Cycles(200).ToList();
        var judge = new FlagJudge();
        foreach (var sample in samples)
        {
            judge.Add(sample);
            judge.Judge();
        }
        Assert.That(Print(judge.Judge()), Is.EqualTo(Print(Judge(samples))));
    }

    [Test]
    public void The_order_in_which_runs_are_read_does_not_matter()
    {
        var runs = Enumerable.Range(1, 3).Select(board => new UpdateCampaign(board, place: $"kv58-{board}").Cycles(60).ToList()).ToList();
        Assert.That(Print(Judge(runs.SelectMany(run => run))), Is.EqualTo(Print(Judge(Enumerable.Reverse(runs).SelectMany(run => run)))));
    }

    [Test]
    public void Conditions_that_never_differ_share_the_first_rank()
    {
        var flag = Judge(new UpdateCampaign(2).Cycles(80).Select(sample => sample with
        {
            Conditions = new Dictionary<string, string>(sample.Conditions)
            {
                [ConditionVocabulary.Baud] = sample.Conditions[ConditionVocabulary.AppAtBoot] == "application" ? "460800" : "57600",
            },
        })).Single();
        Assert.That(flag.BestTriggers.Select(trigger => trigger.Condition), Is.EqualTo(new[] { "app-at-boot=application", "baud=460800" }));
    }

    [Test]
    public void An_edited_sequence_is_judged_apart_from_what_it_was()
    {
        var before = new UpdateCampaign(1).Cycles(80).ToList();
        var after = new UpdateCampaign(2) { StaleFailure = 0 }.Cycles(80).Select(sample => sample with { Revision = "edited" }).ToList();

        var flags = Judge([.. before, .. after]);

        Assert.That(flags.Single().Rate, Is.EqualTo(Judge(before).Single().Rate), "the edited one does not thin out the rate");
        var both = Judge([.. before, .. before.Select(sample => sample with { Revision = "edited" })]);
        Assert.That(both.Select(flag => flag.Revision), Is.EquivalentTo(new[] { "", "edited" }));
        Assert.That(both.Select(flag => flag.Id), Is.Unique);
    }

    [Test]
    public void The_id_of_a_flag_fits_into_a_URL_and_tells_releases_apart()
    {
        var one = Judge(new UpdateCampaign(1, release: "kboot 2.0/rc1").Cycles(80)).Single();
        var other = Judge(new UpdateCampaign(1, release: "kboot 2.0/rc2").Cycles(80)).Single();
        Assert.That(one.Id, Does.Match("^[a-z0-9-]+$").And.StartsWith("kboot-2-0-rc1-re-update-update-10203-"));
        Assert.That(one.Id, Is.Not.EqualTo(other.Id));
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
