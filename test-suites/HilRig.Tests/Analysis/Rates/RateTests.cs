using System.Numerics;
using HilRig.Analysis.Rates;
using NUnit.Framework;

namespace HilRig.Tests.Analysis.Rates;

public class RateTests
{
    // R 4: binom.test(k, n)$conf.int
    [TestCase(0, 10, 0.0, 0.3084971)]
    [TestCase(1, 10, 0.002528579, 0.4450161)]
    [TestCase(5, 10, 0.1870860, 0.8129140)]
    [TestCase(10, 10, 0.6915029, 1.0)]
    [TestCase(5, 5, 0.4781762, 1.0)]
    public void The_interval_is_the_one_that_R_prints(int failures, int trials, double low, double high)
    {
        var rate = ClopperPearson.Rate(failures, trials);
        Assert.That(rate.Low, Is.EqualTo(low).Within(1e-6));
        Assert.That(rate.High, Is.EqualTo(high).Within(1e-6));
    }

    [Test]
    public void The_interval_of_the_written_example_is_0142_to_0227()
    {
        var rate = ClopperPearson.Rate(73, 4035);
        Assert.That(Math.Round(rate.Low, 4), Is.EqualTo(0.0142));
        Assert.That(Math.Round(rate.High, 4), Is.EqualTo(0.0227));
    }

    [TestCase(0, 1_000_000)]
    [TestCase(1, 1_000_000)]
    public void A_bound_on_a_rate_of_parts_in_a_million_keeps_its_digits(int failures, int trials)
    {
        var upper = ClopperPearson.Upper(failures, trials, 0.05);
        var logMiss = trials * Math.Log(1 - upper);
        var tail = failures == 0 ? Math.Exp(logMiss) : Math.Exp(logMiss) + trials * upper * Math.Exp(logMiss - Math.Log(1 - upper));
        Assert.That(tail, Is.EqualTo(0.05).Within(1e-8));
    }

    [Test]
    public void The_incomplete_beta_is_the_binomial_tail_computed_with_whole_numbers([Values(1, 3, 17, 60)] int failures, [Values(61, 400)] int trials, [Values(1, 5, 31)] int percent)
    {
        // P(Bin(n, q) >= k) = I_q(k, n-k+1); here summed exactly over a common denominator of 100^n.
        BigInteger sum = 0, choose = 1;
        for (var i = 0; i <= trials; i++)
        {
            if (i >= failures)
                sum += choose * BigInteger.Pow(percent, i) * BigInteger.Pow(100 - percent, trials - i);
            choose = choose * (trials - i) / (i + 1);
        }
        var exact = Math.Exp(BigInteger.Log(sum) - trials * Math.Log(100));
        Assert.That(IncompleteBeta.Regularized(failures, trials - failures + 1, percent / 100.0), Is.EqualTo(exact).Within(1e-9 * exact + 1e-15));
    }

    // Computed elsewhere, by the same formula in another language.
    [TestCase(10, 2)]
    [TestCase(300, 2)]
    [TestCase(1_000, 3)]
    [TestCase(3_000, 4)]
    [TestCase(10_000, 5)]
    [TestCase(30_000, 8)]
    [TestCase(100_000, 13)]
    public void The_boundary_of_answers_per_step(int trials, int boundary) =>
        Assert.That(NoiseFloor.OfStep(FailureKind.Answer).Boundary(trials), Is.EqualTo(boundary));

    [TestCase(10, 2)]
    [TestCase(30, 3)]
    [TestCase(300, 3)]
    [TestCase(3_000, 4)]
    [TestCase(10_000, 6)]
    [TestCase(30_000, 9)]
    [TestCase(100_000, 14)]
    public void The_boundary_of_answers_per_slot(int trials, int boundary) =>
        Assert.That(NoiseFloor.OfSlot(FailureKind.Answer).Boundary(trials), Is.EqualTo(boundary));

    [TestCase(7, 2)]
    [TestCase(8, 3)]
    [TestCase(300, 4)]
    [TestCase(10_000, 7)]
    public void The_boundary_of_answers_while_a_condition_holds(int trials, int boundary) =>
        Assert.That(NoiseFloor.OfCondition(FailureKind.Answer).Boundary(trials), Is.EqualTo(boundary));

    [TestCase(30, 2)]
    [TestCase(300, 3)]
    [TestCase(1_000, 4)]
    [TestCase(3_000, 6)]
    [TestCase(10_000, 10)]
    [TestCase(30_000, 16)]
    [TestCase(100_000, 31)]
    public void The_boundary_of_silence_per_step(int trials, int boundary) =>
        Assert.That(NoiseFloor.OfStep(FailureKind.Silence).Boundary(trials), Is.EqualTo(boundary));

    [Test]
    public void At_the_floor_the_evidence_is_worth_1_on_average_at_any_time([Values(50, 5_000)] int trials, [Values] FailureKind kind)
    {
        // Over all outcomes, weighted by their chance: exactly 1, or the budget would be exceeded.
        var floor = NoiseFloor.OfStep(kind);
        var mean = Enumerable.Range(0, trials + 1).Sum(incidents => Math.Exp(floor.LogEvidence(incidents, trials) + MathNet.Numerics.Distributions.Binomial.PMFLn(floor.Rate, trials, incidents)));
        Assert.That(mean, Is.EqualTo(1).Within(1e-6));
    }

    [Test]
    public void The_budgets_of_all_cells_make_the_nights()
    {
        var kinds = new[] { FailureKind.Answer, FailureKind.Silence };
        var all = kinds.Sum(kind => 9 * NoiseFloor.OfStep(kind).Budget + 65 * NoiseFloor.OfSlot(kind).Budget + 9 * NoiseFloor.Conditions * NoiseFloor.OfCondition(kind).Budget);
        Assert.That(all, Is.EqualTo(NoiseFloor.NightlyBudget).Within(1e-12));
    }
}
