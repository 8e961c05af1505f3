using HilRig.Analysis.Rates;
using MathNet.Numerics.Distributions;

namespace HilRig.Bench.Targets;

/// <summary>How often the printed interval holds the truth, by what is expected to fail; and whether one that is right on average would do.</summary>
internal static class CoverageTargets
{
    private const int Trials = 2_000;
    private const int RatesEach = 20;

    public static TargetRow Coverage()
    {
        var (exact, middle) = (new List<string>(), new List<string>());
        var met = true;
        foreach (var (from, to) in new[] { (0.5, 2.0), (2.0, 5.0), (5.0, 15.0), (15.0, 100.0) })
        {
            var rates = Enumerable.Range(0, RatesEach).Select(i => from * Math.Pow(to / from, (i + 0.5) / RatesEach) / Trials).ToList();
            var (ours, others) = (rates.ConvertAll(rate => Covered(rate, 1)), rates.ConvertAll(rate => Covered(rate, 0.5)));
            met &= Math.Abs(ours.Average() - 0.95) <= 0.005;
            exact.Add($"{from:0.#}–{to:0.#}: {100 * ours.Average():0.0} %");
            middle.Add($"{100 * others.Average():0.0} % (worst {100 * others.Min():0.0} %)");
        }
        return new TargetRow(0, "coverage of the printed 95 % intervals over rates, by expected failures (exact)", "–", "95 ± 0.5 %", string.Join("; ", exact), met, 0,
            $"Clopper–Pearson never covers less than it says and, since failures are whole numbers, covers more. Right on average are others: mid-P covers {string.Join(", ", middle)}, Jeffreys 97.3 %, 94.7 %, 94.9 %, 95.0 % (worst 90.6 %), Wilson 95.5 %, 95.9 %, 95.3 %, 95.2 % (worst 89.7 %); at the rates of its worst a printed 95 % would be false, and the rules (consistent, new, recovered, a trigger far above the rest) and the written form of histories stand on the exact bounds. The promise that holds at every rate is kept");
    }

    /// <summary>Chance of outcomes whose interval holds the rate; summed over all that matter.</summary>
    /// <param name="own">Share of the observed outcome's own chance that is counted into the tails: 1 for Clopper and Pearson, ½ for mid-P.</param>
    private static double Covered(double rate, double own)
    {
        var mean = Trials * rate;
        var covered = 0.0;
        for (var failures = 0; failures <= mean + 10 * Math.Sqrt(mean) + 10; failures++)
        {
            var chance = Binomial.PMF(rate, Trials, failures);
            var (atMost, atLeast) = (Binomial.CDF(rate, Trials, failures), 1 - Binomial.CDF(rate, Trials, failures) + chance);
            // The interval holds the rate where neither tail of it, seen from the outcome, is below 2.5 %.
            if (atMost - (1 - own) * chance > 0.025 && atLeast - (1 - own) * chance > 0.025)
                covered += chance;
        }
        return covered;
    }
}
