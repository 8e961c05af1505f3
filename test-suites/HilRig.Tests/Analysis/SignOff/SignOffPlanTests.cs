using HilRig.Analysis.SignOff;
using NUnit.Framework;

namespace HilRig.Tests.Analysis.SignOff;

/// <summary>The values are those of facts/statistics.md 2d, which were computed elsewhere.</summary>
public class SignOffPlanTests
{
    [TestCase(0.90, 1e-2, 230)]
    [TestCase(0.90, 5e-3, 460)]
    [TestCase(0.90, 1e-3, 2_302)]
    [TestCase(0.90, 5e-4, 4_605)]
    [TestCase(0.90, 1e-4, 23_025)]
    [TestCase(0.95, 1e-2, 299)]
    [TestCase(0.95, 5e-3, 598)]
    [TestCase(0.95, 1e-3, 2_995)]
    [TestCase(0.95, 5e-4, 5_990)]
    [TestCase(0.95, 1e-4, 29_956)]
    [TestCase(0.99, 1e-2, 459)]
    [TestCase(0.99, 5e-3, 919)]
    [TestCase(0.99, 1e-3, 4_603)]
    [TestCase(0.99, 5e-4, 9_209)]
    [TestCase(0.99, 1e-4, 46_050)]
    public void A_plan_without_failures_needs_the_cycles_of_the_table(double confidence, double limit, long cycles) =>
        Assert.That(ZeroFailurePlan.Cycles(limit, confidence), Is.EqualTo(cycles));

    [TestCase(0.90)]
    [TestCase(0.95)]
    [TestCase(0.99)]
    public void Looking_at_any_time_costs_a_tenth_more(double confidence)
    {
        foreach (var limit in new[] { 1e-2, 1e-3, 1e-4 })
            Assert.That((double)AnytimeBound.Cycles(0, limit, confidence) / ZeroFailurePlan.Cycles(limit, confidence), Is.InRange(1.0, 1.15));
    }

    // The table of the mixture without the bet on no failure, 6.8 … 14.6; losing that bet costs ln 2 of evidence.
    [TestCase(1, 6.8)]
    [TestCase(2, 8.9)]
    [TestCase(3, 10.9)]
    [TestCase(5, 14.6)]
    public void With_failures_the_bet_on_none_costs_up_to_a_sixth_more(int failures, double product) =>
        Assert.That(AnytimeBound.Cycles(failures, 1e-3, 0.95) * 1e-3 / product, Is.InRange(1.05, 1.17));

    [Test]
    public void The_evidence_is_the_integral_it_is_defined_by([Values(0, 1, 5)] int failures, [Values(400, 3_788, 30_000)] int cycles, [Values(1e-3, 1e-4)] double limit)
    {
        // With q = u²·t the mixture is ∫₀¹ u^2k ((1 − t·u²)/(1 − t))^(n−k) du; here by Simpson's rule.
        const int Steps = 4_000;
        var sum = 0.0;
        for (var i = 0; i <= Steps; i++)
        {
            var u = (double)i / Steps;
            var weight = i is 0 or Steps ? 1 : i % 2 == 1 ? 4 : 2;
            sum += weight * Math.Pow(u, 2 * failures) * Math.Pow((1 - limit * u * u) / (1 - limit), cycles - failures);
        }
        var none = failures > 0 ? 0 : Math.Pow(1 - limit, -cycles);
        Assert.That(AnytimeBound.LogEvidence(failures, cycles, limit), Is.EqualTo(Math.Log((sum / (3.0 * Steps) + none) / 2)).Within(1e-7));
    }

    [TestCase(0, 10_000, 3.3e-4, 3.0e-4)]
    [TestCase(1, 10_000, 7.53e-4, 4.7e-4)]
    public void The_bounds_of_the_written_examples(int failures, int cycles, double anytime, double fixedPlan)
    {
        Assert.That(AnytimeBound.Upper(failures, cycles, 0.95), Is.EqualTo(anytime).Within(0.05e-4));
        Assert.That(ZeroFailurePlan.Bound(failures, cycles, 0.95), Is.EqualTo(fixedPlan).Within(0.05e-4));
    }

    [TestCase(6, 0.39)]
    [TestCase(12, 0.22)]
    [TestCase(24, 0.117)]
    [TestCase(48, 0.061)]
    [TestCase(96, 0.031)]
    public void Clean_boards_exclude_only_so_many_bad_ones(int boards, double share) =>
        Assert.That(BoardSpread.BadBoardsBelow(boards, 0.95), Is.EqualTo(share).Within(0.005));

    [TestCase(6, 1.0, 0.91, 1.30)]
    [TestCase(6, 1.8, 0.83, 2.6)]
    [TestCase(6, 3.2, 0.66, 29)]
    [TestCase(12, 1.0, 0.93, 1.14)]
    [TestCase(12, 1.8, 0.89, 1.6)]
    [TestCase(12, 3.2, 0.78, 4.4)]
    [TestCase(24, 1.0, 0.94, 1.07)]
    [TestCase(24, 1.8, 0.92, 1.24)]
    [TestCase(24, 3.2, 0.86, 2.0)]
    [TestCase(48, 1.0, 0.95, 1.04)]
    [TestCase(48, 1.8, 0.94, 1.12)]
    [TestCase(48, 3.2, 0.90, 1.4)]
    public void Boards_that_differ_weaken_the_claim_as_the_table_says(int boards, double variation, double confidence, double factor)
    {
        // The table's columns are 1/√s for s = 1, 0.3 and 0.1, printed rounded.
        var exact = Math.Abs(variation - 1.8) < 0.01 ? Math.Sqrt(1 / 0.3) : Math.Abs(variation - 3.2) < 0.01 ? Math.Sqrt(10) : 1;
        Assert.That(BoardSpread.Confidence(boards, 2995.0 / boards, 1e-3, exact), Is.EqualTo(confidence).Within(0.006));
        Assert.That(BoardSpread.ExtraCycles(boards, 1e-3, exact, 0.95), Is.EqualTo(factor).Within(4).Percent);
    }

    [TestCase(StoppingRule.Fixed)]
    [TestCase(StoppingRule.Anytime)]
    public void A_bound_for_boards_that_hardly_differ_is_the_bound_for_boards_alike(StoppingRule rule)
    {
        var boards = Enumerable.Range(0, 24).Select(board => new BoardCount(board == 0 ? 1 : 0, 500)).ToList();
        var plan = new SignOffPlan("r", 1e-3, 0.95, rule, 1, [], new Dictionary<string, double>(), 0.02);
        Assert.That((plan with { BoardVariation = 0.01 }).BoundOf(boards), Is.EqualTo(plan.BoundOf(boards)).Within(1.5).Percent);
    }

    [TestCase(6, 1.0)]
    [TestCase(24, 2.0)]
    public void A_fixed_plan_for_boards_that_differ_is_as_dear_as_the_table_says(int boards, double variation)
    {
        var plan = new SignOffPlan("r", 1e-3, 0.95, StoppingRule.Fixed, 0, [.. Enumerable.Range(0, boards).Select(board => $"{board}")], new Dictionary<string, double>(), 0.02);
        Assert.That((double)(plan with { BoardVariation = variation }).Cycles / plan.Cycles, Is.EqualTo(BoardSpread.ExtraCycles(boards, 1e-3, variation, 0.95)).Within(2).Percent);
    }

    [Test]
    public void Boards_that_differ_do_not_deceive_a_plan_that_allows_for_it([Values(0.0, 1.0, 2.0)] double variation)
    {
        // Watched before every failure, where the evidence is highest, with the mean over boards of this kind exactly at the limit.
        const int Campaigns = 600, Boards = 12, Rounds = 1_500;
        const double Limit = 1e-3;
        var random = new Random(8);
        var wrong = Enumerable.Range(0, Campaigns).Count(_ =>
        {
            var times = Enumerable.Range(0, Boards).SelectMany(board =>
            {
                var rate = Limit * (variation == 0 ? 1 : MathNet.Numerics.Distributions.Gamma.Sample(random, 1 / (variation * variation), 1 / (variation * variation)));
                return Enumerable.Range(0, Rounds).Where(_ => random.NextDouble() < rate).Select(round => (Round: round, Board: board));
            }).Order().ToList();
            var counts = new double[Boards];
            foreach (var (round, board) in times.Append((Rounds, 0)))
            {
                if (VariedBound.LogEvidence([.. counts.Select(count => new BoardCount(count, round))], Limit, 2) >= Math.Log(20))
                    return true;
                counts[board]++;
            }
            return false;
        });
        Assert.That(wrong, Is.LessThanOrEqualTo(0.05 * Campaigns + 2 * Math.Sqrt(0.05 * 0.95 * Campaigns)));
    }

    [Test]
    public void Watched_after_every_cycle_the_anytime_bound_is_wrong_in_at_most_5_percent_of_campaigns()
    {
        const int Campaigns = 4_000;
        const double Truth = 0.01;
        var random = new Random(20260105);
        // Failures only loosen the bound, so the first clean cycles that exclude the truth decide each stretch between them.
        var wrong = Enumerable.Range(0, Campaigns).Count(_ => ExcludesTheTruth(random, Truth));
        Assert.That(wrong, Is.LessThanOrEqualTo(0.05 * Campaigns), "seed 20260105");
        Assert.That(wrong, Is.GreaterThan(0.02 * Campaigns), "it can be told from a bound that never decides");
    }

    [Test]
    public void A_limit_of_nothing_is_refused() =>
        Assert.That(() => ZeroFailurePlan.Cycles(0, 0.95), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("between 0 and 1"));

    private static bool ExcludesTheTruth(Random random, double truth)
    {
        long cycles = 0;
        for (var failures = 0; cycles < 20 / truth; failures++)
        {
            var clean = (long)(Math.Log(1 - random.NextDouble()) / Math.Log(1 - truth));
            if (AnytimeBound.LogEvidence(failures, cycles + clean, truth) >= Math.Log(20))
                return true;
            cycles += clean + 1;
        }
        return false;
    }
}
