using System.Numerics;
using HilRig.Analysis.Rates;
using MathNet.Numerics.Distributions;
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
    public void The_exact_bounds_are_those_that_R_prints(int failures, int trials, double low, double high)
    {
        Assert.That(ClopperPearson.Lower(failures, trials, 0.025), Is.EqualTo(low).Within(1e-6));
        Assert.That(ClopperPearson.Upper(failures, trials, 0.025), Is.EqualTo(high).Within(1e-6));
    }

    [Test]
    public void The_printed_interval_lies_within_the_exact_one_but_for_its_upper_end_near_none([Values(1, 2, 3, 10, 100)] int failures, [Values(100, 1000, 1_000_000)] int trials)
    {
        var rate = Wilson.Rate(failures, trials);
        Assert.That(rate.Low, Is.GreaterThan(ClopperPearson.Lower(failures, trials, 0.025)).And.LessThanOrEqualTo(rate.Value));
        Assert.That(rate.High, Is.EqualTo(ClopperPearson.Upper(failures, trials, 0.025)).Within(0.025 * rate.High));
        var mirrored = Wilson.Rate(trials - failures, trials);
        Assert.That((mirrored.Low, mirrored.High), Is.EqualTo((1 - rate.High, 1 - rate.Low)).Within(1e-9));
    }

    [TestCase(4, 4, false)]
    [TestCase(5, 5, true)]
    [TestCase(9, 10, true)]
    [TestCase(8, 9, false)]
    [TestCase(89, 100, false)]
    public void Nearly_always_is_nine_of_ten_seen_and_more_than_half_at_95_per_cent(int failures, int trials, bool always) =>
        Assert.That(ClopperPearson.IsNearlyAlways(failures, trials), Is.EqualTo(always));

    [Test]
    public void The_printed_interval_of_nothing_and_of_everything_ends_where_rates_do()
    {
        Assert.That(Wilson.Rate(0, 0).ToString(), Is.EqualTo("0/0"));
        Assert.That((Wilson.Rate(0, 0).Low, Wilson.Rate(0, 0).High), Is.EqualTo((0.0, 1.0)));
        Assert.That(Wilson.Rate(0, 30).ToString(), Is.EqualTo("0/30 → 0 % [0–10.99]"));
        Assert.That(Wilson.Rate(30, 30).ToString(), Is.EqualTo("30/30 → 100 % [89.01–100]"));
        Assert.Throws<ArgumentOutOfRangeException>(() => Wilson.Rate(2, 1));
    }

    [Test]
    public void The_interval_of_a_difference_holds_it_in_95_of_100_cases_and_turns_round_with_its_rates()
    {
        const int trials = 300;
        var (first, second) = (0.02, 0.05);
        var covered = 0.0;
        for (var one = 0; one <= 30; one++)
        {
            for (var other = 0; other <= 45; other++)
            {
                var difference = RateDifference.Of(Wilson.Rate(one, trials), Wilson.Rate(other, trials));
                if (difference.Low <= second - first && second - first <= difference.High)
                    covered += Binomial.PMF(first, trials, one) * Binomial.PMF(second, trials, other);
            }
        }
        Assert.That(covered, Is.EqualTo(0.95).Within(0.01));
        var (there, back) = (RateDifference.Of(Wilson.Rate(3, 200), Wilson.Rate(9, 150)), RateDifference.Of(Wilson.Rate(9, 150), Wilson.Rate(3, 200)));
        Assert.That((back.Low, back.High), Is.EqualTo((-there.High, -there.Low)).Within(1e-6));
        var empty = RateDifference.Of(Wilson.Rate(0, 0), Wilson.Rate(3, 200));
        Assert.That((empty.Low, empty.High), Is.EqualTo((-1.0, 1.0)));
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
    [TestCase(274, 2)]
    [TestCase(275, 3)]
    [TestCase(4_157, 3)]
    [TestCase(10_000, 4)]
    [TestCase(30_000, 7)]
    [TestCase(98_224, 12)]
    [TestCase(98_225, 13)]
    public void The_boundary_of_answers_per_step(int trials, int boundary) =>
        Assert.That(NoiseFloor.OfStep(FailureKind.Answer).Boundary(trials), Is.EqualTo(boundary));

    [TestCase(59, 2)]
    [TestCase(60, 3)]
    [TestCase(1_472, 3)]
    [TestCase(9_467, 5)]
    [TestCase(19_036, 8)]
    public void The_boundary_of_answers_per_slot(int trials, int boundary) =>
        Assert.That(NoiseFloor.OfSlot(FailureKind.Answer).Boundary(trials), Is.EqualTo(boundary));

    [TestCase(14, 2)]
    [TestCase(15, 3)]
    [TestCase(562, 3)]
    [TestCase(9_399, 7)]
    public void The_boundary_of_answers_while_a_condition_holds(int trials, int boundary) =>
        Assert.That(NoiseFloor.OfCondition(FailureKind.Answer).Boundary(trials), Is.EqualTo(boundary));

    [TestCase(32, 2)]
    [TestCase(573, 3)]
    [TestCase(1_000, 4)]
    [TestCase(9_427, 9)]
    [TestCase(98_189, 31)]
    public void The_boundary_of_silence_per_step(int trials, int boundary) =>
        Assert.That(NoiseFloor.OfStep(FailureKind.Silence).Boundary(trials), Is.EqualTo(boundary));

    [Test]
    public void At_the_floor_a_cell_is_ever_flagged_with_less_than_its_budget([Values] FailureKind kind)
    {
        // The chance of each count after each trial, those that flag taken out: exact, as far as a large night goes.
        var floor = NoiseFloor.OfStep(kind, night: 1);
        var (chances, flagged) = (new double[60], 0.0);
        chances[0] = 1;
        var last = Enumerable.Range(0, chances.Length).Select(count => count < 2 ? 0 : LastTrial(floor, count)).ToList();
        for (var trial = 1; trial <= 100_000; trial++)
        {
            for (var count = chances.Length - 1; count > 0; count--)
                chances[count] += floor.Rate * (chances[count - 1] - chances[count]);
            chances[0] *= 1 - floor.Rate;
            for (var count = 2; count < chances.Length; count++)
            {
                if (trial > last[count])
                    continue;
                flagged += chances[count];
                chances[count] = 0;
            }
        }
        Assert.That(flagged, Is.LessThanOrEqualTo(floor.Budget).And.GreaterThan(floor.Budget / 4));
    }

    [Test]
    public void The_shares_of_all_numbers_of_incidents_make_the_budget() =>
        Assert.That(Enumerable.Range(2, 1_000_000).Sum(NoiseFloor.ShareOf), Is.EqualTo(1).Within(1e-6));

    private static long LastTrial(NoiseFloor floor, int incidents)
    {
        var (low, high) = ((long)incidents - 1, 10_000_000L);
        while (high - low > 1)
            (low, high) = floor.Exceeded(incidents, (low + high) / 2) ? ((low + high) / 2, high) : (low, (low + high) / 2);
        return low;
    }

    [Test]
    public void The_budgets_of_all_cells_make_the_nights()
    {
        var kinds = new[] { FailureKind.Answer, FailureKind.Silence };
        var all = kinds.Sum(kind => 9 * NoiseFloor.OfStep(kind).Budget + 65 * NoiseFloor.OfSlot(kind).Budget + 9 * NoiseFloor.Conditions * NoiseFloor.OfCondition(kind).Budget);
        Assert.That(all, Is.EqualTo(NoiseFloor.NightlyBudget).Within(1e-12));
    }
}
