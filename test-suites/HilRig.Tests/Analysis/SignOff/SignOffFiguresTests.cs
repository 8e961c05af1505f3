using HilRig.Analysis.SignOff;
using HilRig.Model;
using HilRig.Model.Runs;
using NUnit.Framework;

namespace HilRig.Tests.Analysis.SignOff;

public class SignOffFiguresTests
{
    private static readonly SignOffPlan Plan = SignOffRuns.Plan;

    [Test]
    public void Clean_cycles_as_many_as_planned_meet_the_plan()
    {
        var figures = Figures(SignOffRuns.Passes(75), SignOffRuns.Passes(74));
        Assert.That((figures.State, figures.Needed, figures.Cycles), Is.EqualTo((SignOffState.Met, 149L, 149L)));
        Assert.That(figures.Bound, Is.LessThanOrEqualTo(0.02));
        Assert.That(figures.BadBoardsBelow, Is.EqualTo(1 - Math.Sqrt(0.05)).Within(1e-9));
    }

    [Test]
    public void One_cycle_fewer_is_still_open_and_says_what_is_missing()
    {
        var figures = Figures(SignOffRuns.Passes(74), SignOffRuns.Passes(74));
        Assert.That(figures.State, Is.EqualTo(SignOffState.Open));
        Assert.That(figures.Missing, Is.EqualTo(new[] { "1 of 149 cycles" }));
    }

    [TestCase(Verdict.Fail)]
    [TestCase(Verdict.Inconclusive)]
    public void A_failure_beyond_those_allowed_decides_at_once_and_for_good(Verdict verdict) =>
        Assert.That(Figures([verdict], SignOffRuns.Passes(500)).State, Is.EqualTo(SignOffState.Failed));

    [Test]
    public void What_is_the_rigs_is_voided_by_its_rule_and_counted_in_the_worst_bound()
    {
        var figures = Figures([Verdict.Error, .. SignOffRuns.Passes(75)], SignOffRuns.Passes(75));
        Assert.That(figures.State, Is.EqualTo(SignOffState.Met));
        Assert.That(figures.VoidedByRule, Is.EqualTo(new Dictionary<string, long> { [SignOffSamples.RigRule] = 1 }));
        Assert.That(figures.WorstBound, Is.GreaterThan(figures.Bound));
    }

    [Test]
    public void A_rule_that_the_plan_does_not_name_leaves_nothing_out()
    {
        var runs = new Dictionary<string, byte[]> { ["1.jsonl"] = SignOffRuns.Run("kv58-1", [Verdict.Error, Verdict.Aborted, .. SignOffRuns.Passes(75)]), ["2.jsonl"] = SignOffRuns.Run("kv58-2", SignOffRuns.Passes(75)) };
        SignOffFigures Under(params string[] rules) => new Dossier(Plan with { Voiding = rules, AllowedFailures = 2 }, runs, []).Figures;
        Assert.That((Under().Failures, Under(VoidingRules.Stop).Failures, Under(VoidingRules.Rig, VoidingRules.Stop).Failures), Is.EqualTo((2L, 1L, 0L)));
    }

    [TestCase("ee7", "5e9", VoidingRules.OtherBytes)]
    [TestCase("ab1", "77e", VoidingRules.Edited)]
    public void Cycles_of_another_binary_or_of_an_edited_sequence_are_left_out_where_the_plan_says_so(string binary, string text, string rule)
    {
        var runs = new Dictionary<string, byte[]> { ["a.jsonl"] = SignOffRuns.Run("kv58-2", "kboot-2.0", 0, SignOffRuns.Passes(5), binary, text, begins: 1), ["b.jsonl"] = SignOffRuns.Run("kv58-1", SignOffRuns.Passes(75)) };
        SignOffFigures Under(IReadOnlyList<string> rules) => new Dossier(Plan with { Voiding = rules }, runs, []).Figures;
        Assert.That(Under(VoidingRules.Usual).VoidedByRule, Is.EqualTo(new Dictionary<string, long> { [VoidingRules.All[rule]] = 5 }), "the first run by time counts, whatever its file is called");
        Assert.That(Under(VoidingRules.BeforePlansNamedThem).Cycles, Is.EqualTo(80));
    }

    [Test]
    public void A_plan_that_names_no_rule_is_registered_with_all_of_them_and_a_change_is_told()
    {
        const string Text = "release: r\nlimit: 0.1\nplaces: [a]\nmix: {s: 1}\n";
        var plan = SignOffPlan.Parse("plan.yaml", Text);
        Assert.That(System.Text.Encoding.UTF8.GetString(plan.ToJson()), Does.Contain("\"voiding\":[\"edited-1\",\"other-bytes-1\",\"parity-1\",\"rig-1\",\"stop-1\"]"));
        var fewer = SignOffPlan.Parse("plan.yaml", Text + "voiding: [stop-1, rig-1]\n");
        Assert.That(plan.Digest, Is.Not.EqualTo(fewer.Digest));
        Assert.That(plan.Differences(fewer).Single(), Does.StartWith("`voiding` was [\"edited-1\"").And.EndsWith("and now is [\"rig-1\",\"stop-1\"]"));
        var old = SignOffPlan.FromJson(System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(plan.ToJson()).Replace(",\"voiding\":[\"edited-1\",\"other-bytes-1\",\"parity-1\",\"rig-1\",\"stop-1\"]", "", StringComparison.Ordinal)));
        Assert.That(old.Voiding, Is.EqualTo(VoidingRules.BeforePlansNamedThem), "one registered before plans named them is counted as it was");
        Assert.That(() => SignOffPlan.FromJson(System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(plan.ToJson()).Replace("rig-1", "rig-9", StringComparison.Ordinal))),
            Throws.TypeOf<BadInputException>().With.Message.StartsWith("plan: no rule `rig-9`"));
    }

    [Test]
    public void Too_much_voided_voids_the_sign_off() =>
        Assert.That(Figures([.. Enumerable.Repeat(Verdict.Error, 5), .. SignOffRuns.Passes(75)], SignOffRuns.Passes(75)).State, Is.EqualTo(SignOffState.Void));

    [Test]
    public void A_board_without_a_cycle_is_missing() =>
        Assert.That(Figures(SignOffRuns.Passes(200), []).Missing, Is.EqualTo(new[] { "a cycle on kv58-2" }));

    [Test]
    public void Early_stop_needs_the_anytime_bound()
    {
        var plan = Plan with { Rule = StoppingRule.Anytime };
        Assert.That(plan.Cycles, Is.GreaterThan(Plan.Cycles).And.LessThan(1.3 * Plan.Cycles));
        var samples = SignOffSamples.From(new Dossier(plan, new Dictionary<string, byte[]> { ["1.jsonl"] = SignOffRuns.Run("kv58-1", SignOffRuns.Passes(100)), ["2.jsonl"] = SignOffRuns.Run("kv58-2", SignOffRuns.Passes((int)plan.Cycles - 100)) }, []).ReadEvents(), plan);
        Assert.That(SignOffFigures.Of(plan, [.. samples], []).State, Is.EqualTo(SignOffState.Met));
        Assert.That(SignOffFigures.Of(plan, [.. samples.Take(samples.Count - 1)], []).State, Is.EqualTo(SignOffState.Open));
    }

    [Test]
    public void A_run_of_another_release_is_refused() =>
        Assert.That(() => new Dossier(Plan with { Release = "kboot-2.1" }, new Dictionary<string, byte[]> { ["1.jsonl"] = SignOffRuns.Run("kv58-1", SignOffRuns.Passes(1)) }, []).Figures,
            Throws.TypeOf<BadInputException>().With.Message.EqualTo("run r-kv58-1: release kboot-2.0, the plan is for kboot-2.1"));

    [Test]
    public void A_changed_plan_is_told_by_field() =>
        Assert.That(Plan.Differences(Plan with { Limit = 0.05, AllowedFailures = 1 }), Is.EqualTo(new[] { "`limit` was 0.02 and now is 0.05", "`allowedFailures` was 0 and now is 1" }));

    [TestCase("limit: 0", "plan.yaml:2:8: `limit` must lie between 0 and 1")]
    [TestCase("limit: 0.001\nrule: sometimes", "plan.yaml:3:7: `rule` must be fixed or anytime, not `sometimes`")]
    [TestCase("limit: 0.001\nconfidance: 0.9", "plan.yaml:3:1: a sign-off plan has no `confidance`; did you mean `confidence`?")]
    [TestCase("limit: 0.001\nplaces: [a]\nmix: {s: 1}\nunit: night", "plan.yaml:5:7: `unit` must be cycle or session, not `night`")]
    [TestCase("limit: 0.001\nplaces: [a]\nmix: {s: 1}\nvoiding: [rig-1, strom-1]", "plan.yaml:5:18: no rule `strom-1` by which cycles do not count; did you mean `stop-1`?")]
    [TestCase("limit: 0.001\nplaces: [a]\nmix: {s: 1}\nvoiding: rig-1", "plan.yaml:5:10: `voiding` must list rules: edited-1, other-bytes-1, parity-1, rig-1, stop-1; an empty list leaves nothing out")]
    [TestCase("limit: 0.001", "plan.yaml:1:1: `places:` must list the boards that take part")]
    public void A_plan_with_a_mistake_is_refused_at_its_place(string text, string message) =>
        Assert.That(() => SignOffPlan.Parse("plan.yaml", "release: r\n" + text + "\n"), Throws.TypeOf<BadInputException>().With.Message.EqualTo(message));

    [Test]
    public void With_the_power_session_as_the_unit_ten_cycles_count_once()
    {
        var plan = Plan with { Unit = SampleUnit.Session };
        var figures = Of(plan, SignOffRuns.Run("kv58-1", "kboot-2.0", 10, SignOffRuns.Passes(800)), SignOffRuns.Run("kv58-2", "kboot-2.0", 10, SignOffRuns.Passes(680)));
        Assert.That((figures.State, figures.Spread.Sessions), Is.EqualTo((SignOffState.Open, 148L)));
        Assert.That(figures.Missing, Is.EqualTo(new[] { "1 of 149 power sessions" }));
        Assert.That(figures.Bound, Is.EqualTo(1 - Math.Pow(0.05, 1.0 / 148)).Within(1e-9));
    }

    [Test]
    public void Failures_that_cluster_in_power_sessions_are_shown_as_such()
    {
        var verdicts = Enumerable.Range(0, 500).Select(cycle => cycle / 10 == 7 ? Verdict.Fail : Verdict.Pass).ToList();
        var spread = Of(Plan, SignOffRuns.Run("kv58-1", "kboot-2.0", 10, verdicts), SignOffRuns.Run("kv58-2", "kboot-2.0", 10, SignOffRuns.Passes(500))).Spread;
        Assert.That((spread.Sessions, spread.FailingSessions), Is.EqualTo((100L, 1L)));
        Assert.That(spread.SessionsP, Is.LessThan(0.0005));
    }

    [Test]
    public void Leaving_out_more_of_the_new_release_than_of_the_control_voids_the_sign_off()
    {
        var plan = Plan with { Golden = "kboot-1.9", MostVoided = 0.2 };
        var own = SignOffRuns.Run("kv58-1", [.. Enumerable.Repeat(Verdict.Error, 12), .. SignOffRuns.Passes(150)]);
        var figures = Of(plan, own, SignOffRuns.Run("kv58-2", "kboot-1.9", 0, SignOffRuns.Passes(150)));
        Assert.That((figures.State, figures.Cycles, figures.Golden!.Cycles), Is.EqualTo((SignOffState.Void, 150L, 150L)));
        Assert.That(figures.Golden.ParityP, Is.LessThan(0.01));
        Assert.That(Of(plan, own, SignOffRuns.Run("kv58-2", "kboot-1.9", 0, [.. Enumerable.Repeat(Verdict.Error, 12), .. SignOffRuns.Passes(150)])).State, Is.EqualTo(SignOffState.Open));
    }

    [Test]
    public void What_was_hardly_exercised_is_listed_and_missing_where_the_plan_asks_for_it()
    {
        var figures = Of(Plan with { Exposure = ExposureRule.Required }, SignOffRuns.Run("kv58-1", "kboot-2.0", 2, SignOffRuns.Passes(200)), SignOffRuns.Run("kv58-2", SignOffRuns.Passes(100)));
        Assert.That(figures.Exposure, Is.EqualTo(new Exposure[] { new("reset then reset", 99), new("update then reset", 99), new("update then update", 199), new("reset then update", 200) }));
        Assert.That(figures.Missing, Is.EqualTo(new[] { "exposure: reset then reset 99 of 149 times", "exposure: update then reset 99 of 149 times" }));
    }

    private static SignOffFigures Of(SignOffPlan plan, byte[] first, byte[] second) =>
        new Dossier(plan, new Dictionary<string, byte[]> { ["1.jsonl"] = first, ["2.jsonl"] = second }, []).Figures;

    private static SignOffFigures Figures(IEnumerable<Verdict> first, IEnumerable<Verdict> second) =>
        new Dossier(Plan, new Dictionary<string, byte[]> { ["1.jsonl"] = SignOffRuns.Run("kv58-1", first), ["2.jsonl"] = SignOffRuns.Run("kv58-2", second) }, []).Figures;
}
