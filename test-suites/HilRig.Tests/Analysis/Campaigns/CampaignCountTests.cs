using HilRig.Analysis.Campaigns;
using HilRig.Analysis.SignOff;
using HilRig.Model.Campaigns;
using HilRig.Model.Runs;
using NUnit.Framework;

namespace HilRig.Tests.Analysis.Campaigns;

/// <summary>What counts towards a campaign's goal, and when that is decided.</summary>
public sealed class CampaignCountTests
{
    private static readonly DateTimeOffset Evening = new(2026, 1, 21, 22, 0, 0, TimeSpan.Zero);
    private static readonly CampaignPlan Claim = new("X", new(0.001, 0.95, null, null), "a.yaml", "sequence: a", null, null, "X", "kv58", [], 1, 100, null);
    private static readonly CampaignPlan TenRuns = Claim with { Goal = new(null, 0.95, 10, null) };

    [Test]
    public void The_claim_of_a_thousandth_at_95_percent_needs_2995_clean_cycles() => Assert.Multiple(() =>
    {
        Assert.That(CampaignCount.TargetOf(Claim.Goal), Is.EqualTo(2995));
        Assert.That(CampaignCount.TargetOf(Claim.Goal with { AllowedFailures = 1 }), Is.EqualTo(4742));
        Assert.That(Decide(Claim, Run("r-1", pass: 2994)), Is.Null);
        Assert.That(Decide(Claim, Run("r-1", pass: 2995))!.Value.State, Is.EqualTo(CampaignState.Met));
        Assert.That(Decide(Claim, Run("r-1", pass: 2995))!.Value.Because, Is.EqualTo("0 of 2995 cycles failed on 1 board: failure of a cycle is below 0.1% at 95%"));
    });

    [Test]
    public void The_bound_shrinks_as_the_clean_cycles_grow_and_meets_the_limit_at_the_target() => Assert.Multiple(() =>
    {
        Assert.That(Of(Claim).Bound, Is.EqualTo(0.95).Within(1e-9), "nothing is known");
        Assert.That(Of(Claim, Run("r-1", pass: 300)).Bound, Is.EqualTo(ZeroFailurePlan.Bound(300, 0.95)).Within(1e-12));
        Assert.That(Of(Claim, Run("r-1", pass: 2995)).Bound, Is.LessThanOrEqualTo(0.001));
        Assert.That(Of(Claim, Run("r-1", pass: 2994)).Bound, Is.GreaterThan(0.001));
    });

    [Test]
    public void The_course_goes_run_by_run_to_where_the_campaign_stands_and_keeps_its_end_when_it_is_thinned()
    {
        var runs = Enumerable.Range(1, 50).Select(number => Run($"r-{number}", pass: 60, fail: number == 7 ? 1 : 0)).ToArray();
        var course = CampaignCount.CourseOf(Claim, runs, 100);
        var thinned = CampaignCount.CourseOf(Claim, runs, 10);

        Assert.That(course, Has.Count.EqualTo(50));
        Assert.That(course[5].Bound, Is.LessThan(course[0].Bound).And.LessThan(course[6].Bound), "it shrinks with clean cycles and grows with a failure");
        Assert.That((course[^1].Rate, course[^1].Bound), Is.EqualTo((Of(Claim, runs).Rate, Of(Claim, runs).Bound)));
        Assert.That((thinned.Count, thinned[^1]), Is.EqualTo((10, course[^1])));
    }

    [Test]
    public void A_failure_more_than_allowed_misses_the_goal_at_once() => Assert.Multiple(() =>
    {
        Assert.That(Decide(Claim, Run("r-1", pass: 10, fail: 1))!.Value.State, Is.EqualTo(CampaignState.Missed));
        Assert.That(Decide(Claim with { Goal = Claim.Goal with { AllowedFailures = 1 } }, Run("r-1", pass: 10, fail: 1)), Is.Null);
        Assert.That(Decide(TenRuns, Run("r-1", pass: 1, fail: 99)), Is.Null, "a number of runs claims nothing of their cycles");
    });

    [Test]
    public void What_nobody_can_attribute_counts_against_the_product_and_what_is_the_rigs_does_not_count()
    {
        var run = Run("r-1", pass: 10) with
        {
            Outcomes =
            [
                new(Verdict.Pass, Layer.None, 10), new(Verdict.Error, Layer.Rig, 3), new(Verdict.Aborted, Layer.None, 1), new(Verdict.NotSet, Layer.None, 1),
            ],
        };
        var progress = Of(Claim, run);

        Assert.That((progress.Rate.Failures, progress.Rate.Trials, progress.Done), Is.EqualTo((0, 10, 10L)));
        Assert.That(progress.Voided, Is.EquivalentTo(new[]
        {
            new Voided(SignOffSamples.RigRule, 3), new Voided(SignOffSamples.StopRule, 1), new Voided(CampaignCount.CutRule, 1),
        }));
        Assert.That(Of(Claim, run with { Outcomes = [new(Verdict.Inconclusive, Layer.Undetermined, 1)] }).Rate.Failures, Is.EqualTo(1));
    }

    [Test]
    public void A_board_with_other_bytes_than_the_first_proves_nothing_of_the_release()
    {
        var progress = Of(Claim, Run("r-1", pass: 5), Run("r-2", "kv58-2", pass: 7, digest: "other", at: 1));

        Assert.That((progress.Done, progress.Boards), Is.EqualTo((5L, 1)));
        Assert.That(progress.Voided, Is.EqualTo(new[] { new Voided(CampaignCount.OtherBytesRule, 7) }));
    }

    [Test]
    public void No_more_is_ordered_than_the_goal_needs()
    {
        Assert.That(Left("kv58-1", Claim, Run("r-1", pass: 2900)), Is.EqualTo(95));
        Assert.That(Left("kv58-2", Claim, Run("r-1", pass: 2900), Run("r-2", pass: 20, open: true)), Is.EqualTo(0), "75 were done and 80 are to come");
        Assert.That(Left("kv58-1", TenRuns, Run("r-1", pass: 3), Run("r-2", pass: 3, open: true)), Is.EqualTo(8));
    }

    [Test]
    public void Where_boards_are_needed_each_does_its_share_at_most()
    {
        var plan = Claim with { Boards = 3 };

        Assert.That(Left("kv58-1", plan), Is.EqualTo(999));
        Assert.That(Left("kv58-1", plan, Run("r-1", pass: 990)), Is.EqualTo(9));
        Assert.That(Decide(plan, Run("r-1", pass: 2000), Run("r-2", "kv58-2", pass: 995)), Is.Null, "two boards");
        Assert.That(Decide(plan, Run("r-1", pass: 1000), Run("r-2", "kv58-2", pass: 1000), Run("r-3", "kv58-3", pass: 995))!.Value.State, Is.EqualTo(CampaignState.Met));
    }

    [Test]
    public void A_place_whose_last_three_runs_gave_nothing_is_set_aside_until_the_campaign_is_resumed()
    {
        var runs = Enumerable.Range(1, 3).Select(number => Run($"r-{number}", reason: EndReason.Refused, at: number)).ToArray();

        Assert.That(Of(Claim, runs).SetAside, Is.EqualTo(new[] { "kv58-1" }));
        Assert.That(Of(Claim, runs).Voided.Single(), Is.EqualTo(new Voided("run without a cycle: refused", 3)));
        Assert.That(Left("kv58-1", Claim, runs), Is.Zero);
        Assert.That(Left("kv58-2", Claim, runs), Is.EqualTo(2995));
        Assert.That(Of(Claim, runs[..2]).SetAside, Is.Empty);
        Assert.That(CampaignCount.Of(Claim, runs, Evening.AddMinutes(2.5)).SetAside, Is.Empty);
    }

    [Test]
    public void The_forecast_is_the_pace_so_far_on_the_boards_that_work_now_within_the_hours()
    {
        // 100 cycles took 60 minutes of a board; 95 are left, on one board that works.
        var runs = new[] { Run("r-1", pass: 2800, minutes: 1680), Run("r-2", pass: 100, minutes: 60, open: true) };
        var progress = Of(Claim, runs);
        var now = Evening;

        Assert.That(CampaignForecast.Of(Claim, runs, progress, now), Is.EqualTo(now.AddMinutes(57)).Within(TimeSpan.FromSeconds(1)));
        Assert.That(CampaignForecast.Of(Claim with { Schedule = new("UTC", "22:00", "22:30", []) }, runs, progress, now), Is.EqualTo(now.AddDays(1).AddMinutes(27)).Within(TimeSpan.FromSeconds(1)));
        Assert.That(CampaignForecast.Of(Claim, runs[..1], Of(Claim, runs[..1]), now), Is.Null, "nothing runs");
    }

    private static CampaignProgress Of(CampaignPlan plan, params CampaignRun[] runs) => CampaignCount.Of(plan, runs, Evening);

    private static (CampaignState State, string Because)? Decide(CampaignPlan plan, params CampaignRun[] runs) => CampaignCount.Decide(plan, Of(plan, runs));

    private static long Left(string place, CampaignPlan plan, params CampaignRun[] runs) => CampaignCount.LeftFor(place, plan, runs, Of(plan, runs));

    private static CampaignRun Run(
        string id, string place = "kv58-1", int pass = 0, int fail = 0, bool open = false, string digest = "1f0c", EndReason reason = EndReason.Completed, double at = 0, double minutes = 1)
    {
        var started = new RunStarted("a", "5ad3", "X", digest, place, "kv58", $"chip-{place}", "bench-1", "", "", 100, 1, new Dictionary<string, string>());
        var summary = new RunSummary(
            id, started, Evening.AddMinutes(at), Evening.AddMinutes(at + minutes), 9, pass + fail, 0, new Dictionary<Verdict, int>(), new Dictionary<string, int>(), Verdict.Pass,
            open ? null : new RunEnded(Verdict.Pass, reason, ""));
        CycleCount[] outcomes = [new(Verdict.Pass, Layer.None, pass), new(Verdict.Fail, Layer.Product, fail)];
        return new CampaignRun(id, place, open, 100, Evening.AddMinutes(at), summary, [.. outcomes.Where(outcome => outcome.Count > 0)]);
    }
}
