using HilRig.Model.Flags;

namespace HilRig.Analysis.Rates;

/// <summary>The exact (conservative) interval of a rate, by Clopper and Pearson (1934): it never covers less than it says.</summary>
public static class ClopperPearson
{
    /// <summary>k of n with its two-sided interval; 0 … 1 where there were no trials.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There were more failures than trials.</exception>
    public static Rate Rate(int failures, int trials, double confidence = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(failures, trials);
        var tail = (1 - confidence) / 2;
        return new Rate(failures, trials, Lower(failures, trials, tail), Upper(failures, trials, tail));
    }

    /// <summary>The rate below which k or more failures of n are rarer than <paramref name="tail"/>.</summary>
    public static double Lower(long failures, long trials, double tail) =>
        failures <= 0 ? 0 : IncompleteBeta.Quantile(failures, trials - failures + 1, tail);

    /// <summary>The rate above which k or fewer failures of n are rarer than <paramref name="tail"/>.</summary>
    public static double Upper(long failures, long trials, double tail) =>
        failures >= trials ? 1 : IncompleteBeta.Quantile(failures + 1, trials - failures, 1 - tail);

    /// <summary>True for what hardly ever passes: 90 % seen, and more than half for certain. The smallest case is 5 of 5.</summary>
    public static bool IsNearlyAlways(Rate rate) => rate.Value >= 0.9 && rate.Low > 0.5;

    /// <summary>Clean trials after which a failure of this rate, taken at its lower 95 % bound, is excluded at 95 %.</summary>
    public static double TrialsToProveAbsence(int failures, int trials) =>
        Math.Ceiling(Math.Log(0.05) / MathNet.Numerics.SpecialFunctions.Log1p(-Lower(failures, trials, 0.05)));
}
