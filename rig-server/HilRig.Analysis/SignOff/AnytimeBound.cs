using HilRig.Analysis.Rates;
using MathNet.Numerics;

namespace HilRig.Analysis.SignOff;

/// <summary>
/// An upper bound on the failure probability that holds however often it is looked at and whenever one stops: the price of
/// that is a tenth more cycles than a plan fixed beforehand.
/// </summary>
/// <remarks>
/// The evidence against "p is t or more" is a mixture: half of it bets on no failure at all, as most releases that are worth
/// a sign-off have none; half on q = u·t with u ~ Beta(½, 1), so that a failure is survived. By Ville's inequality it exceeds
/// 1/(1 − C) ever with a chance of at most 1 − C.
/// </remarks>
public static class AnytimeBound
{
    /// <summary>The smallest failure probability that is excluded; 1 before anything is.</summary>
    public static double Upper(long failures, long cycles, double confidence)
    {
        if (failures < 0 || failures > cycles)
            throw new ArgumentOutOfRangeException(nameof(failures), failures, $"there are 0 to {cycles} failures in {cycles} cycles");
        ZeroFailurePlan.Check(0.5, confidence);
        var needed = -SpecialFunctions.Log1p(-confidence);
        return Smallest(Math.Max((double)failures / Math.Max(1, cycles), 1e-300), 1e-12, limit => LogEvidence(failures, cycles, limit) >= needed);
    }

    /// <summary>The smallest limit that is excluded: bisects its logarithm, so that small rates keep their relative precision.</summary>
    internal static double Smallest(double least, double precision, Func<double, bool> isExcluded)
    {
        var (low, high) = (Math.Log(least), 0.0);
        while (high - low > precision)
        {
            var middle = (low + high) / 2;
            (low, high) = isExcluded(Math.Exp(middle)) ? (low, middle) : (middle, high);
        }
        return Math.Exp(high);
    }

    /// <summary>ln E against "p is <paramref name="limit"/> or more".</summary>
    public static double LogEvidence(long failures, long cycles, double limit)
    {
        var a = failures + 0.5;
        var b = cycles - failures + 1.0;
        var passes = -(b - 1) * SpecialFunctions.Log1p(-limit);
        var spread = Math.Log(0.5) - a * Math.Log(limit) + passes + IncompleteBeta.LogRegularized(a, b, limit) + IncompleteBeta.LogBeta(a, b);
        return failures > 0 ? spread - Math.Log(2) : passes + Math.Log((1 + Math.Exp(spread - passes)) / 2);
    }

    /// <summary>The fewest cycles with these failures after which the limit is excluded.</summary>
    public static long Cycles(int failures, double limit, double confidence)
    {
        ZeroFailurePlan.Check(limit, confidence);
        var needed = -SpecialFunctions.Log1p(-confidence);
        return FewestCycles.Find(failures, cycles => LogEvidence(failures, cycles, limit) >= needed);
    }
}
