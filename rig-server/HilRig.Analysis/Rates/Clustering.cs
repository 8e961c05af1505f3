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
        var expected = groups.Sum(group => ExpectedRepeats(group.Trials, p));
        var spread = groups.Sum(group => Math.Pow(group.Failures - group.Trials * p, 2)) / (p * (1 - p));
        var z = (spread - trials) / Math.Sqrt(2 * groups.Sum(group => (double)group.Trials * (group.Trials - 1)));
        return new Clustering(AtLeast(repeated, expected), Math.Round(z, 1));
    }

    /// <summary>What <see cref="P"/> is at least, in however many of these groups the trials lie and however they are spread: groups of one size repeat least.</summary>
    /// <param name="groups">Or more than there are.</param>
    public static double LeastP(int trials, int failures, int repeated, int groups) =>
        repeated < 2 ? 1 : AtLeast(repeated, groups * ExpectedRepeats(Math.Max(1, (double)trials / groups), (double)failures / trials));

    /// <summary>Second and later failures of a group: n p − (1 − (1 − p)^n).</summary>
    private static double ExpectedRepeats(double trials, double p) => trials * p - 1 + Math.Pow(1 - p, trials);

    /// <summary>P(Poisson(expected) ≥ seen).</summary>
    private static double AtLeast(int seen, double expected) => SpecialFunctions.GammaLowerRegularized(seen, expected);
}
