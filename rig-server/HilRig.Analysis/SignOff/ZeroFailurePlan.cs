using HilRig.Analysis.Rates;
using MathNet.Numerics;

namespace HilRig.Analysis.SignOff;

/// <summary>The plan that is fixed before the first cycle and allows no failure: cheapest, and decided the moment one happens.</summary>
/// <remarks>It may be watched at any time, but never be started again: counting anew after each failure signs off 65 % of bad releases.</remarks>
public static class ZeroFailurePlan
{
    /// <summary>Clean cycles after which the failure probability is below the limit: n = ln(1 − C) / ln(1 − p), rounded up.</summary>
    /// <param name="limit">Failure probability of a cycle to be excluded, between 0 and 1.</param>
    /// <param name="confidence">C, between 0 and 1.</param>
    public static long Cycles(double limit, double confidence)
    {
        Check(limit, confidence);
        return (long)Math.Ceiling(SpecialFunctions.Log1p(-confidence) / SpecialFunctions.Log1p(-limit));
    }

    /// <summary>The limit that this many clean cycles exclude: 1 − (1 − C)^(1/n), about 3/n at 95 %.</summary>
    public static double Bound(long cycles, double confidence) =>
        cycles <= 0 ? 1 : -SpecialFunctions.Expm1(SpecialFunctions.Log1p(-confidence) / cycles);

    /// <summary>One-sided upper bound when the number of cycles was fixed and failures were allowed (Clopper–Pearson).</summary>
    public static double Bound(long failures, long cycles, double confidence) => ClopperPearson.Upper(failures, cycles, 1 - confidence);

    /// <summary>The fewest cycles after which so many failures still exclude the limit, their number fixed beforehand.</summary>
    public static long Cycles(int allowedFailures, double limit, double confidence) =>
        FewestCycles.Find(allowedFailures, cycles => Bound(allowedFailures, cycles, confidence) <= limit);

    internal static void Check(double limit, double confidence)
    {
        if (limit is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(limit), limit, "a failure probability to exclude lies between 0 and 1");
        if (confidence is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "a confidence lies between 0 and 1");
    }
}
