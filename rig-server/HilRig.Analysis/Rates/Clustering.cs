using MathNet.Numerics;

namespace HilRig.Analysis.Rates;

/// <summary>Whether failures come several to a group (a power session, a board) more often than chance would have them.</summary>
/// <param name="P">Chance of so many second and later failures, if all trials were alike.</param>
/// <param name="Z">How far the spread between groups lies beyond chance, in standard deviations (Tarone's score).</param>
public sealed record Clustering(double P, double Z)
{
    /// <summary>What a night may cost in false claims, over its cells.</summary>
    public const double Significance = 0.0005;

    /// <summary>True where the group, not the trial, is the unit to count.</summary>
    public bool IsClaimed => P <= Significance;

    public static Clustering Of(IReadOnlyList<(int Trials, int Failures)> groups)
    {
        var (trials, failures) = (groups.Sum(group => group.Trials), groups.Sum(group => group.Failures));
        var repeated = groups.Sum(group => Math.Max(0, group.Failures - 1));
        if (repeated < 2 || failures == trials)
            return new Clustering(1, 0);
        var p = (double)failures / trials;
        // The expected second and later failures of a group with n trials: n p − (1 − (1 − p)^n).
        var expected = groups.Sum(group => group.Trials * p - 1 + Math.Pow(1 - p, group.Trials));
        var spread = groups.Sum(group => Math.Pow(group.Failures - group.Trials * p, 2)) / (p * (1 - p));
        var z = (spread - trials) / Math.Sqrt(2 * groups.Sum(group => (double)group.Trials * (group.Trials - 1)));
        // P(Poisson(expected) ≥ repeated).
        return new Clustering(SpecialFunctions.GammaLowerRegularized(repeated, expected), Math.Round(z, 1));
    }
}
