using HilRig.Analysis.History;
using NUnit.Framework;

namespace HilRig.Tests.Analysis.History;

/// <summary>Which failures of a history count once.</summary>
public class IncidentTests
{
    [Test]
    public void A_boards_failures_with_its_power_off_between_them_are_two() =>
        Assert.That(IncidentsOf([Row(1, 10, "10203"), Recovery(1, 15), Row(2, 40, "10203"), Recovery(2, 45)]), Is.EqualTo(2));

    [Test]
    public void Without_that_they_are_one_within_two_minutes() =>
        Assert.That(IncidentsOf([Row(1, 10, "10203"), Row(2, 40, "10203"), Row(3, 200, "10203")]), Is.EqualTo(2));

    [Test]
    public void Beside_another_failure_on_the_agent_they_are_one() =>
        Assert.That(IncidentsOf([Row(1, 10, "10203"), Recovery(1, 15), Row(2, 40, "10203"), Recovery(2, 45), Row(1, 100, "TIMEOUT", "b02")]), Is.EqualTo(1));

    private static int IncidentsOf(HistoryRow[] rows) =>
        HistoryAnalysis.Judge([.. rows.OrderBy(row => row.Time)]).Flags.Single(flag => flag.Fingerprint == "10203").Incidents;

    private static HistoryRow Row(int cycle, double time, string code, string board = "b01") =>
        new(1, "R1", "a1", board, cycle, "S01", 0, "update", false, time, "I0", 64, "57600", 0, time, 0, "power_cycle", "0", code, false);

    private static HistoryRow Recovery(int cycle, double time) => Row(cycle, time, "") with { Step = "power_cycle", StepIndex = 99, IsRecovery = true, Fingerprint = null };
}
