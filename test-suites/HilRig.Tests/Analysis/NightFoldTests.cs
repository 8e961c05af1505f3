using HilRig.Analysis.Nights;
using HilRig.Analysis.Rates;
using HilRig.Model;
using HilRig.Model.Flags;
using HilRig.Model.Nights;
using HilRig.Model.Runs;
using HilRig.Tests.Server;
using NUnit.Framework;

namespace HilRig.Tests.Analysis;

/// <summary>What a night's report says, from runs, flags and places as they are read.</summary>
public sealed class NightFoldTests
{
    private static readonly Night Night = new(new DateOnly(2026, 1, 21), TimeZoneInfo.Utc);
    private static readonly DateTimeOffset Morning = new(2026, 1, 22, 7, 0, 0, TimeSpan.Zero);
    private static readonly PlaceState Idle = new("kv58-1", "kv58", "bench-1", AgentConnected: true, RunId: null);

    [TestCase("2026-01-22 00:30", "2026-01-21")]
    [TestCase("2026-01-22 07:00", "2026-01-21")]
    [TestCase("2026-01-22 23:59", "2026-01-21")]
    public void The_last_night_is_the_one_that_began_yesterday(string now, string night) =>
        Assert.That(Night.Last(DateTimeOffset.Parse(now + "Z"), TimeZoneInfo.Utc).Date, Is.EqualTo(DateOnly.Parse(night)));

    [Test]
    public void A_night_lasts_from_noon_to_noon_also_when_the_clocks_change_in_it()
    {
        var night = Night.Parse("2026-03-28", "Europe/Berlin", Morning, TimeZoneInfo.Utc);

        Assert.That(night.From, Is.EqualTo(new DateTimeOffset(2026, 3, 28, 12, 0, 0, TimeSpan.FromHours(1))));
        Assert.That(night.To - night.From, Is.EqualTo(TimeSpan.FromHours(23)));
    }

    [TestCase("yesterday", null, "date: `yesterday` is no day")]
    [TestCase("9999-12-31", null, "date: `9999-12-31`")]
    [TestCase(null, "Mars/Olympus", "zone: there is no time zone `Mars/Olympus`")]
    public void A_day_or_zone_that_is_none_is_named(string? date, string? zone, string message) =>
        Assert.That(() => Night.Parse(date, zone, Morning, TimeZoneInfo.Utc), Throws.InstanceOf<BadInputException>().With.Message.Contains(message));

    [Test]
    public void Only_runs_of_the_night_count_and_neither_repetitions_nor_what_the_rig_spoilt_weigh_on_a_rate()
    {
        var report = Of(
            Summary(new RunScript("r-1").Cycle(RunScript.CumulativeWrite).Cycle().End()),
            Summary(new RunScript("r-2", "kv58-2").Cycle(RunScript.Silence, Layer.Rig).Cycle().End()),
            Summary(new RunScript("r-3", rerunOf: new RerunOf("r-1", 5, 1, RerunArm.SameBoard)).Cycle(RunScript.CumulativeWrite).End()),
            Summary(new RunScript(InvestigationRun.NameOf("kv58-00c0ffee", 1, 0)).Cycle(RunScript.CumulativeWrite).End()),
            Summary(new RunScript("r-4", at: Night.From.AddHours(-3)).Cycle(RunScript.CumulativeWrite).End()),
            Summary(new RunScript("r-5", at: Night.To.AddHours(3)).Cycle(RunScript.CumulativeWrite).End()));

        Assert.That((report.Runs, report.Boards, report.Voided), Is.EqualTo((4, 2, 1L)));
        Assert.That(report.Cycles, Is.EqualTo(Wilson.Rate(1, 3)));
        Assert.That(report.Work.Single(), Has.Property("Runs").EqualTo(2).And.Property("Cycles").EqualTo(report.Cycles));
        Assert.That(report.Sentence, Does.StartWith("Night of 2026-01-21: 4 runs on 2 boards, 1 of 3 cycles failed"));
    }

    [Test]
    public void A_flag_is_new_in_the_night_of_its_first_failure_changed_where_its_rate_did_and_else_known()
    {
        var change = new RateChange("2026-01-22 01:00", Morning.AddHours(-8), Morning.AddHours(-4), Wilson.Rate(1, 900), Wilson.Rate(20, 900), 14);
        var report = NightFold.Of(
            Night, [], false,
            [
                Flag("new") with { FirstSeen = Morning.AddHours(-3) },
                Flag("changed") with { Changes = [change] },
                Flag("known"),
                Flag("silent") with { LastSeen = Night.From.AddHours(-1) },
                Flag("the-rigs") with { Class = FlagClass.Rig, FirstSeen = Morning.AddHours(-3) },
            ],
            [], [], Morning);

        Assert.That(report.New.Select(flag => flag.Id), Is.EqualTo(new[] { "new" }));
        Assert.That(report.Changed.Select(flag => flag.Id), Is.EqualTo(new[] { "changed" }));
        Assert.That(report.Again.Select(flag => flag.Id), Is.EqualTo(new[] { "known" }));
    }

    [Test]
    public void Time_is_lost_from_an_end_by_the_rig_to_the_next_run_there_and_unknown_where_none_was_wanted()
    {
        var wedged = Summary(new RunScript("r-1").Cycle().End(EndReason.BoardWedged, "it did not come back"));
        var next = Summary(new RunScript("r-2", at: wedged.LastEventAt.AddHours(2)).Cycle().End(EndReason.AgentLost, "gone"));
        var elsewhere = Summary(new RunScript("r-3", "kv58-2").Cycle().End(EndReason.RigLost, "no probe"));

        var idle = NightFold.Of(Night, [next, wedged, elsewhere], false, [], [Idle, Idle with { Name = "kv58-2", OutOfRotation = "no probe" }], [], Morning);

        Assert.That(idle.Lost.Select(lost => (lost.Place, lost.Time)), Is.EqualTo(new (string, TimeSpan?)[]
        {
            ("kv58-2", Morning - elsewhere.LastEventAt), ("kv58-1", TimeSpan.FromHours(2)), ("kv58-1", null),
        }));
        Assert.That(idle.Hands.Single(), Has.Property("Place").EqualTo("kv58-2").And.Property("Action").Contains("unwedge --place kv58-2"));
    }

    [Test]
    public void The_difference_of_two_rates_covers_nothing_where_there_is_none_and_excludes_it_where_there_is()
    {
        var same = RateDifference.Of(Wilson.Rate(5, 500), Wilson.Rate(6, 500));
        var worse = RateDifference.Of(Wilson.Rate(5, 500), Wilson.Rate(60, 500));
        var better = RateDifference.Of(Wilson.Rate(60, 500), Wilson.Rate(5, 500));

        Assert.That((same.Low, same.High), Is.EqualTo((-0.015, 0.019)).Within(0.005));
        Assert.That(same.Bits, Is.LessThan(0));
        Assert.That(worse.Low, Is.InRange(0.07, 0.09), "0.11 less about 0.03");
        Assert.That((worse.Bits, worse.P), Is.EqualTo((better.Bits, better.P)).Within(1e-9));
        Assert.That(worse.P, Is.LessThan(1e-10));
    }

    [Test]
    public void Two_runs_go_apart_at_the_first_step_that_did_something_else()
    {
        var a = new RunScript("r-1").Cycle().Cycle().Cycle();
        var b = new RunScript("r-2").Cycle().Cycle(RunScript.CumulativeWrite);

        var first = StepComparison.First(a.Events, b.Events)!;
        var times = StepComparison.Times(a.Events, b.Events).Single(step => step.Step == "update");

        Assert.That((first.Cycle, first.Index), Is.EqualTo((2, 1)));
        Assert.That(first.InB, Does.Contain("update").And.Contain("fail, write-memory 10203"));
        Assert.That((times.CountA, times.MedianA, times.CountB, times.MedianB), Is.EqualTo((3, 814.5, 1, 813.5)));
        Assert.That(StepComparison.First(a.Events, new RunScript("r-3").Cycle().Events), Is.Null, "one is only longer");
    }

    private static NightReport Of(params RunSummary[] runs) => NightFold.Of(Night, runs, false, [], [Idle], [], Morning);

    private static Flag Flag(string id) => new(
        id, "2.0.0", "re-update", "5ad3", ["kv58-1"], new Fingerprint("update", "write-memory", "10203", ""), FlagClass.Intermittent, Wilson.Rate(3, 900), Wilson.Rate(0, 897),
        Night.From.AddDays(-3), Morning.AddHours(-1), "Flagged.", []);

    private static RunSummary Summary(RunScript run)
    {
        var fold = new RunFold();
        foreach (var runEvent in run.Events)
            fold.Apply(runEvent);
        return fold.ToSummary();
    }
}
