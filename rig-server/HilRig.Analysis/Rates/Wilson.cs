using HilRig.Model.Flags;

namespace HilRig.Analysis.Rates;

/// <summary>
/// The interval of a rate as it is printed: Wilson's (1927) score interval, right on average over rates. A promise and a
/// rule stand on <see cref="ClopperPearson"/> instead, which covers no less than it says at any rate, and so more on average.
/// </summary>
/// <remarks>
/// With the lower limit of a single failure from Brown, Cai and DasGupta (2001, "Interval Estimation for a Binomial
/// Proportion", modified Wilson): without it, one failure in n would say "at least 0.18/n".
/// </remarks>
public static class Wilson
{
    /// <summary>Not the 1.96 of the normal distribution: with it, 95.0 to 95.8 % are covered, with this 94.6 (where failures are many) to 95.4 (<c>./rig bench analysis --row 0</c>).</summary>
    internal const double Width = 1.925;

    /// <summary>Of a single failure, or a single pass: one-sided.</summary>
    private const double Tail = 0.05;

    /// <summary>k of n with its 95 % interval; 0 … 1 where there were no trials.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There were more failures than trials.</exception>
    public static Rate Rate(int failures, int trials)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(failures, trials);
        return trials == 0 ? new Rate(0, 0, 0, 1) : new Rate(failures, trials, Lower(failures, trials), 1 - Lower(trials - failures, trials));
    }

    private static double Lower(double failures, double trials)
    {
        if (failures <= 1)
            return failures * ClopperPearson.Lower(1, (long)trials, Tail);
        const double square = Width * Width;
        var centre = failures + square / 2;
        return (centre - Width * Math.Sqrt(failures * (trials - failures) / trials + square / 4)) / (trials + square);
    }
}
