using HilRig.Analysis.History;
using HilRig.Bench.Histories;
using NUnit.Framework;

namespace HilRig.Tests.Analysis.History;

/// <summary>Fresh histories of every kind of fault; <c>bench histories</c> draws many more.</summary>
public class DrawnHistoryTests
{
    private static IEnumerable<TestCaseData> Draws() =>
        from scenario in Scenario.All
        from seed in new[] { 101, 102 }
        select new TestCaseData(scenario, seed).SetArgDisplayNames(scenario.Name, $"seed {seed}");

    [TestCaseSource(nameof(Draws))]
    public void The_report_says_what_was_injected(Scenario scenario, int seed) => Assert.That(scenario.Check(seed), Is.Null);

    [Test]
    public void One_board_alone_is_answered_with_its_limits()
    {
        var report = HistoryAnalysis.Judge(HistoryWorld.Draw(new NightPlan { Boards = 1, Agents = 1, Faults = [new("update", "10203", now => now.UpdatesSinceReset >= 1 ? 1 : 0)] }, 1));
        Assert.That(report.Notes, Has.Some.StartsWith("one board only (b01)"));
        Assert.That(report.Flags[0].Class, Is.EqualTo("conditional"), "a status in a CRC-valid packet is the device's on one board as well");
    }

    [Test]
    public void Silence_on_the_only_agent_is_not_called_the_products()
    {
        var report = HistoryAnalysis.Judge(HistoryWorld.Draw(new NightPlan { Boards = 3, Agents = 1, Faults = [new("update", "TIMEOUT", _ => 0.05)] }, 1));
        Assert.That(report.Flags[0].Class, Is.EqualTo("observed"));
        Assert.That(report.Flags[0].Notes, Has.Some.Contains("cannot be told apart without moving a board"));
    }

    [Test]
    public void No_failure_at_all_gives_no_flag_and_says_so()
    {
        var report = HistoryAnalysis.Judge(HistoryWorld.Draw(new NightPlan { Hours = 0.5, BurstsPerAgent = 0, Outages = 0, Blips = 0, Noise = 0 }, 1));
        Assert.That(report.Flags, Is.Empty);
        Assert.That(report.Notes, Does.Contain("no counted failure"));
    }

    [Test]
    public void Failures_everywhere_are_consistent_and_not_conditional()
    {
        var everything = new[] { "connect", "power_cycle", "reset_swd" }.Select(step => new InjectedFault(step, "10005", _ => 1)).ToList();
        var report = HistoryAnalysis.Judge(HistoryWorld.Draw(new NightPlan { Hours = 0.5, Faults = everything, Blips = 0, Outages = 0, BurstsPerAgent = 0 }, 1));
        Assert.That(report.Flags.Select(flag => flag.Class), Is.All.EqualTo("consistent"));
        Assert.That(report.Flags.Select(flag => flag.Trigger), Is.All.Null);
        Assert.That(report.Notes, Does.Contain("every counted trial failed: nothing passes to compare with"));
    }

    [Test]
    public void The_same_history_gives_the_same_report() =>
        Assert.That(
            HistoryAnalysis.Judge(HistoryWorld.Draw(Scenario.All.First(scenario => scenario.Name == "two faults, one code").Plan, 3)).ToJson(),
            Is.EqualTo(HistoryAnalysis.Judge(HistoryWorld.Draw(Scenario.All.First(scenario => scenario.Name == "two faults, one code").Plan, 3)).ToJson()));

    [Test]
    public void A_known_issue_stands_beside_its_flag_until_it_expires()
    {
        var rules = HilRig.Analysis.Flags.KnownIssues.Parse("known.yaml", "known-issues:\n  - {id: BL-17, fingerprint: f1/update/write-memory/10203, owner: k.meier, expires: 2026-06-01}\n");
        var report = HistoryAnalysis.Judge(HistoryWorld.Draw(new NightPlan { Hours = 0.5, Faults = [new("update", "10203", now => now.UpdatesSinceReset >= 1 ? 1 : 0)] }, 1));
        Assert.That(report.WithKnown(rules, new DateOnly(2026, 5, 31)).Flags[0].Notes, Does.Contain("known: BL-17, k.meier, until 2026-06-01"));
        Assert.That(report.WithKnown(rules, new DateOnly(2026, 6, 1)).Flags[0].Notes, Has.None.StartWith("known:"));
    }
}
