using HilRig.Analysis.Rates;

namespace HilRig.Analysis.Drift;

/// <summary>The trial at which a failure rate most probably changed.</summary>
/// <param name="Trial">0-based: the first trial of the new rate.</param>
/// <param name="Before">Rate of the trials before it.</param>
/// <param name="After">Rate from it on.</param>
/// <param name="LogOdds">ln of the Bayes factor of two rates over one.</param>
public sealed record ChangePoint(int Trial, double Before, double After, double LogOdds)
{
    /// <summary>ln 10,000: what a claim needs.</summary>
    public const double Claimed = 9.21;

    /// <summary>The best single split by beta-binomial marginal likelihood; null where it stays below the claim.</summary>
    /// <param name="failures">0-based positions of the failing trials, ascending.</param>
    public static ChangePoint? Find(IReadOnlyList<int> failures, int trials)
    {
        ChangePoint? best = null;
        var whole = LogMarginal(failures.Count, trials);
        for (var i = 0; i < failures.Count; i++)
        {
            Consider(i, failures[i]);
            Consider(i + 1, failures[i] + 1);
        }
        return best is { LogOdds: > Claimed } ? best : null;

        void Consider(int before, int split)
        {
            if (split <= 0 || split >= trials)
                return;
            var odds = LogMarginal(before, split) + LogMarginal(failures.Count - before, trials - split) - whole;
            if (best is null || odds > best.LogOdds)
                best = new ChangePoint(split, (double)before / split, (double)(failures.Count - before) / (trials - split), odds);
        }
    }

    private static double LogMarginal(int failures, int trials) =>
        IncompleteBeta.LogBeta(failures + 0.5, trials - failures + 0.5) - IncompleteBeta.LogBeta(0.5, 0.5);
}
