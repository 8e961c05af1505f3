using System.Numerics;
using HilRig.Analysis.Reproducers;

namespace HilRig.Bench.Targets;

/// <summary>Runs that the reproducer search needs, and how often it ends with the shortest.</summary>
internal static class ReproducerTargets
{
    private static readonly double[] Rates = [1, 0.5, 0.2, 0.1, 0.05];

    /// <summary>Row 10: step histories with resets in them, the trigger known.</summary>
    public static TargetRow Histories(int draws)
    {
        var parts = new List<string>();
        var met = true;
        foreach (var rate in Rates)
        {
            var (runs, exact, valid) = OnHistories(draws, rate, (history, _) => history.Suspect);
            met &= (rate == 1 ? Figures.Quantile(runs, 0.9) <= 2 : runs.Average() <= 3 / rate) && exact >= 0.99 * draws && valid == draws;
            parts.Add($"p = {rate}: {Figures.Mean(runs)} runs (90 %: {Figures.Quantile(runs, 0.9):0}), {runs.Average() * rate:0.0}/p, shortest {Figures.Share(exact, draws)}, valid {valid}/{draws}");
        }
        foreach (var rate in new[] { 0.5, 0.1 })
        {
            var (runs, exact, _) = OnHistories(draws / 2, rate, (history, random) => 1UL << random.Next(history.Count));
            parts.Add($"with a trigger that points at any step, p = {rate}: {Figures.Mean(runs)} runs, shortest {Figures.Share(exact, draws / 2)}");
        }
        return new TargetRow(10, "reproducer on KV58 step histories, trigger known, 1 % background", "about 2.6/p", "2 runs at p = 1 (90 %), ≤ 3/p from p = 0.05 on, shortest ≥ 99 %, valid 100 %", string.Join("; ", parts), met, draws * Rates.Length,
            met ? "" : "at a rate near the background a failure tells little (at p = 0.05 it is four times as likely with the cause as without), and the search ends only at 99 %");
    }

    private static (List<double> Runs, int Exact, int Valid) OnHistories(int draws, double rate, Func<StepHistory, Random, ulong> suspect)
    {
        var runs = new List<double>();
        var (exact, valid) = (0, 0);
        for (var seed = 0; seed < draws; seed++)
        {
            var random = new Random(11_000 + seed);
            var history = StepHistory.Draw(random);
            var search = new ReproducerSearch(history.Count, StepSetPrior.Of(history.Count, (suspect(history, random), 1)), rate, 0.01, seed);
            var found = Run(search, kept => random.NextDouble() < (history.IsStale(kept) ? rate : 0.01), (int)(60 / rate));
            runs.Add(search.Runs);
            valid += found is { } set && history.IsStale(set) ? 1 : 0;
            exact += found is { } one && history.IsStale(one) && BitOperations.PopCount(one) == 1 ? 1 : 0;
        }
        return (runs, exact, valid);
    }

    /// <summary>Row 11: two of 24 steps needed, nothing known beforehand.</summary>
    public static TargetRow Pairs(int draws)
    {
        var runs = new List<double>();
        var exact = 0;
        for (var seed = 0; seed < draws; seed++)
        {
            var random = new Random(5000 + seed);
            var one = random.Next(24);
            var needed = 1UL << one | 1UL << (one + 1 + random.Next(23)) % 24;
            var search = new ReproducerSearch(24, StepSetPrior.Of(24), 0.125, 0, seed, 0.95);
            var found = Run(search, kept => (needed & ~kept) == 0 && random.NextDouble() < 0.1, 3000);
            runs.Add(search.Runs);
            exact += found == needed ? 1 : 0;
        }
        return new TargetRow(11, "reproducer, two needed of 24 steps, p = 0.1, nothing known", "150", "≤ 180 runs", $"{Figures.Mean(runs)} runs, shortest {Figures.Share(exact, draws)}", runs.Average() <= 180, draws,
            "the limit spreads its belief over sets of up to two only and needs no sighting of the answer itself (1/p = 10 runs)");
    }

    private static ulong? Run(ReproducerSearch search, Func<ulong, bool> fails, int budget)
    {
        while (!search.IsDone && search.Runs < budget)
        {
            var candidate = search.Next();
            search.Record(candidate, fails(candidate) ? 1 : 0, 1);
        }
        return search.IsDone ? search.Best : search.SmallestFailing;
    }
}
