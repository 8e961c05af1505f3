using HilRig.Analysis.Rates;

namespace HilRig.Analysis.Drift;

/// <summary>The trial at which a failure rate changed, and between which it may have.</summary>
/// <param name="Trial">0-based: the first trial of the new rate. Half of the belief lies before it: of all places it is the one least far off.</param>
/// <param name="Earliest">It lies between this and <paramref name="Latest"/> with 99 % confidence, if there was one change.</param>
/// <param name="Before">Rate of the trials before it.</param>
/// <param name="After">Rate from it on.</param>
/// <param name="LogOdds">ln of the Bayes factor of two rates over one, for the best split.</param>
public sealed record ChangePoint(int Trial, int Earliest, int Latest, double Before, double After, double LogOdds)
{
    /// <summary>ln 10,000: what a claim needs.</summary>
    public const double Claimed = 9.21;

    /// <summary>Halvings of the way to a failure at which the likelihood is looked at: it falls off exponentially there.</summary>
    private const int Halvings = 11;

    /// <summary>More failures than these are looked at in so many groups: the place is then known well anyway.</summary>
    private const int MostGroups = 500;

    /// <summary>One change or none, by beta-binomial marginal likelihood over all splits; null where the best stays below the claim.</summary>
    /// <param name="failures">0-based positions of the failing trials, ascending.</param>
    public static ChangePoint? Find(IReadOnlyList<int> failures, int trials)
    {
        var splits = Splits(failures, trials);
        if (failures.Count == 0 || splits.Count < 2)
            return null;
        // Rates of the night's own order are believed beforehand: a prior over 0 to 1 would ask for the evidence that it is none of half.
        var rare = 0.5 * trials / failures.Count;
        var whole = LogMarginal(failures.Count, trials);
        var before = 0;
        var odds = new double[splits.Count];
        foreach (var (index, split) in splits.Index())
        {
            while (before < failures.Count && failures[before] < split)
                before++;
            odds[index] = LogMarginal(before, split) + LogMarginal(failures.Count - before, trials - split) - whole;
        }
        var best = odds.Max();
        if (best <= Claimed)
            return null;
        var belief = Accumulate(splits, odds, best);
        var trial = At(0.5);
        var failed = failures.Count(failure => failure < trial);
        return new ChangePoint(trial, At(0.005), At(0.995), (double)failed / trial, (double)(failures.Count - failed) / (trials - trial), best);

        double LogMarginal(int failed, int of) => IncompleteBeta.LogBeta(failed + 0.5, of - failed + rare) - IncompleteBeta.LogBeta(0.5, rare);

        int At(double share)
        {
            var index = Math.Max(1, Array.FindIndex(belief, sum => sum >= share * belief[^1]));
            var part = (share * belief[^1] - belief[index - 1]) / Math.Max(double.Epsilon, belief[index] - belief[index - 1]);
            return splits[index - 1] + (int)Math.Round(Math.Clamp(part, 0, 1) * (splits[index] - splits[index - 1]));
        }
    }

    /// <summary>Just after each failure, and places ever closer to it and to the next one.</summary>
    private static List<int> Splits(IReadOnlyList<int> failures, int trials)
    {
        var group = 1 + failures.Count / MostGroups;
        var edges = failures.Where((_, index) => index % group == 0).Prepend(0).Append(trials).ToList();
        var splits = new SortedSet<int>();
        foreach (var (from, to) in edges.Zip(edges.Skip(1)))
        {
            splits.Add(from + 1);
            splits.Add(to);
            for (var halving = 1; halving <= Halvings && to - from >> halving > 0; halving++)
            {
                splits.Add(from + (to - from >> halving));
                splits.Add(to - (to - from >> halving));
            }
        }
        return [.. splits.Where(split => split > 0 && split < trials)];
    }

    /// <summary>The belief up to each split, exponential between them; in units of the best one.</summary>
    private static double[] Accumulate(List<int> splits, double[] odds, double best)
    {
        var sums = new double[splits.Count];
        for (var i = 1; i < sums.Length; i++)
        {
            var (from, to, rise) = (Math.Exp(odds[i - 1] - best), Math.Exp(odds[i] - best), odds[i] - odds[i - 1]);
            sums[i] = sums[i - 1] + (Math.Abs(rise) > 1e-6 ? (to - from) / rise : to) * (splits[i] - splits[i - 1]);
        }
        return sums;
    }
}
