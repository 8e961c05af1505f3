using HilRig.Analysis.Drift;
using HilRig.Analysis.Rates;
using HilRig.Model.Flags;
using MathNet.Numerics.Distributions;

namespace HilRig.Bench.Targets;

/// <summary>How often each kind of printed interval holds the truth, by what is expected to fail.</summary>
internal static class CoverageTargets
{
    private const double Allowed = 0.005;
    private static readonly (double From, double To)[] Expected = [(0.5, 2), (2, 5), (5, 15), (15, 100)];

    /// <param name="draws">Nights with a change; the coverage of rates and of their differences is summed, not drawn.</param>
    public static TargetRow Coverage(int draws)
    {
        var parts = new List<string>();
        var met = true;
        foreach (var trials in new[] { 200, 2_000 })
            Add($"rates, of {trials:N0} trials", range => Rates(range, trials, 200).Select(rate => OfRate(rate, trials)), 0.5);
        // Of fewer, most pairs of nights show no failure or one, and nothing could be excluded but by claiming a difference at 3 to 0.
        Add("differences of two rates, of 400 trials each", range => Pairs(range, 400).Select(pair => OfDifference(pair.First, pair.Second, 400)), 2);
        foreach (var (rate, times) in new[] { (1e-4, 10), (5e-4, 10), (1e-3, 5) })
        {
            var (held, claimed) = OfChange(rate, times, draws);
            met &= ClopperPearson.Lower(held, claimed, 0.025) <= 0.99 + Allowed && ClopperPearson.Upper(held, claimed, 0.025) >= 0.99 - Allowed;
            parts.Add($"place of a change × {times} at {rate:0.0e+0}, 99 % where claimed: {Figures.Share(held, claimed)}");
        }
        return new TargetRow(0, "coverage of every kind of printed interval, averaged over rates, by expected failures", "–", "within 0.5 points of 95 %, of a change's place 99 %; of differences from two expected failures on", string.Join("; ", parts), met, 3 * draws,
            "failures come whole");

        void Add(string what, Func<(double From, double To), IEnumerable<double>> coverage, double metFrom)
        {
            var all = Expected.Select(range => (Range: range, Shares: coverage(range).ToList())).ToList();
            met &= all.Where(one => one.Range.From >= metFrom).All(one => Math.Abs(one.Shares.Average() - 0.95) <= Allowed);
            parts.Add($"{what} {string.Join("; ", all.Select(one => $"{one.Range.From:0.#}–{one.Range.To:0.#}: {100 * one.Shares.Average():0.0} % (worst {100 * one.Shares.Min():0.0} %)"))}");
        }
    }

    private static IEnumerable<double> Rates((double From, double To) expected, int trials, int many) =>
        Enumerable.Range(0, many).Select(i => expected.From * Math.Pow(expected.To / expected.From, (i + 0.5) / many) / trials);

    private static IEnumerable<(double First, double Second)> Pairs((double From, double To) expected, int trials) =>
        Rates(expected, trials, 10).SelectMany(first => Rates(expected, trials, 10).Select(second => (first, second)));

    /// <summary>Chance of outcomes whose interval holds the rate.</summary>
    private static double OfRate(double rate, int trials) =>
        Outcomes(rate, trials).Where(outcome => Holds(Wilson.Rate(outcome.Failures, trials), rate)).Sum(outcome => outcome.Chance);

    private static double OfDifference(double first, double second, int trials)
    {
        var others = Outcomes(second, trials);
        return Outcomes(first, trials).Sum(one => one.Chance * others
            .Where(other => RateDifference.Of(Wilson.Rate(one.Failures, trials), Wilson.Rate(other.Failures, trials)) is var difference && difference.Low <= second - first && second - first <= difference.High)
            .Sum(other => other.Chance));
    }

    /// <summary>Among nights whose rate rose in the middle fifth: how many were claimed, and in how many of those it rose within the interval.</summary>
    private static (int Held, int Claimed) OfChange(double rate, int times, int draws)
    {
        var (held, claimed) = (0, 0);
        for (var seed = 0; seed < draws; seed++)
        {
            var random = new Random(190_000 + seed);
            var at = (int)(ChangedNight.Trials * (0.4 + 0.2 * random.NextDouble()));
            if (ChangePoint.Find(ChangedNight.Draw(random, rate, times, at), ChangedNight.Trials) is not { } change)
                continue;
            claimed++;
            held += change.Earliest <= at && at <= change.Latest ? 1 : 0;
        }
        return (held, claimed);
    }

    /// <summary>All outcomes that matter, with their chances.</summary>
    private static List<(int Failures, double Chance)> Outcomes(double rate, int trials)
    {
        var mean = trials * rate;
        var most = (int)Math.Min(trials, mean + 8 * Math.Sqrt(mean) + 10);
        return [.. Enumerable.Range(0, most + 1).Select(failures => (failures, Binomial.PMF(rate, trials, failures))).Where(outcome => outcome.Item2 > 1e-9)];
    }

    private static bool Holds(Rate printed, double rate) => printed.Low <= rate && rate <= printed.High;
}
