using HilRig.Analysis.Triggers;
using NUnit.Framework;

namespace HilRig.Tests.Analysis.Triggers;

public class StratifiedTablesTests
{
    [Test]
    public void Beyond_two_thousand_failures_the_test_says_what_it_says_exactly_below()
    {
        // 24 boards with 82 failures each exactly, with 84 by the approximation, as many too many inside: p may not jump.
        var (exact, approximate) = (Of(82), Of(84));
        Assert.That(Math.Log(approximate), Is.EqualTo(Math.Log(exact)).Within(0.15));

        static double Of(int failures) => new StratifiedTables(Enumerable.Range(0, 24).ToDictionary(board => $"b{board}", board =>
        {
            var inside = failures / 2 + (board % 8 == 0 ? 3 : board % 2);
            return new FourfoldTable(inside, 1_000, failures - inside, 1_000);
        })).P();
    }

    /// <summary>Simpson's paradox: over all boards the condition seems to matter, on neither board it does.</summary>
    [Test]
    public void A_board_that_fails_more_and_meets_the_condition_more_often_does_not_pass_for_it()
    {
        var bad = new FourfoldTable(36, 90, 4, 10);
        var good = new FourfoldTable(0, 10, 0, 90);
        var pooled = new FourfoldTable(36, 100, 4, 100);
        Assert.That(Math.Exp(pooled.LogFisherP()), Is.LessThan(1e-6));
        Assert.That(new StratifiedTables(new Dictionary<string, FourfoldTable> { ["b1"] = bad, ["b2"] = good }).P(), Is.GreaterThan(0.3));
    }

    [Test]
    public void With_one_board_it_is_Fishers_test()
    {
        var table = new FourfoldTable(5, 5, 0, 11);
        Assert.That(new StratifiedTables(new Dictionary<string, FourfoldTable> { ["b1"] = table }).P(), Is.EqualTo(2.289e-4).Within(1e-6));
    }

    [Test]
    public void A_board_on_which_it_is_the_other_way_round_is_named()
    {
        var tables = new StratifiedTables(new Dictionary<string, FourfoldTable> { ["b1"] = new(10, 20, 0, 20), ["b2"] = new(0, 20, 5, 20) });
        Assert.That(tables.Against, Is.EqualTo(new[] { "b2" }));
        Assert.That(tables.For, Is.EqualTo(1));
    }
}
