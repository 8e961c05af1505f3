namespace HilRig.Analysis.Rates;

/// <summary>Exact (conservative) bounds of a rate, by Clopper and Pearson (1934): they never cover less than they say. What is promised or decided stands on them.</summary>
public static class ClopperPearson
{
    /// <summary>The rate below which k or more failures of n are rarer than <paramref name="tail"/>.</summary>
    public static double Lower(long failures, long trials, double tail) =>
        failures <= 0 ? 0 : IncompleteBeta.Quantile(failures, trials - failures + 1, tail);

    /// <summary>The rate above which k or fewer failures of n are rarer than <paramref name="tail"/>.</summary>
    public static double Upper(long failures, long trials, double tail) =>
        failures >= trials ? 1 : IncompleteBeta.Quantile(failures + 1, trials - failures, 1 - tail);

    /// <summary>True for what hardly ever passes: 90 % seen, and more than half at 95 % confidence. The smallest case is 5 of 5.</summary>
    public static bool IsNearlyAlways(int failures, int trials) => failures >= 0.9 * trials && Lower(failures, trials, 0.05) > 0.5;

    /// <summary>True where the first rate is above the second beyond their exact 95 % intervals.</summary>
    public static bool IsAbove((int Failures, int Trials) first, (int Failures, int Trials) second) =>
        Lower(first.Failures, first.Trials, 0.025) > Upper(second.Failures, second.Trials, 0.025);

    /// <summary>Clean trials after which a failure of this rate, taken at its lower 95 % bound, is excluded at 95 %.</summary>
    public static double TrialsToProveAbsence(int failures, int trials) =>
        Math.Ceiling(Math.Log(0.05) / MathNet.Numerics.SpecialFunctions.Log1p(-Lower(failures, trials, 0.05)));
}
