using HilRig.Analysis.Rates;
using MathNet.Numerics;

namespace HilRig.Analysis.Triggers;

/// <summary>
/// An experiment in two arms, drawn at random cycle by cycle: trigger on against off, or new release against old. Without an
/// effect each failure falls into the first arm with the share of its cycles.
/// </summary>
public static class TwoArms
{
    /// <summary>Evidence that confirms at 95 %, at any number of looks.</summary>
    public const double Confirmed = 20;

    /// <summary>The e-value of the first arm failing more: stop and confirm at 20 (95 %) or 100 (99 %).</summary>
    /// <remarks>
    /// Half of it bets that every failure falls into the first arm, as a trigger's do: five then confirm. The other half
    /// spreads its bet over every share above the fair one, so that a failure in the second arm does not end the experiment.
    /// </remarks>
    /// <param name="first">Failures in the first arm.</param>
    /// <param name="second">Failures in the second arm.</param>
    /// <param name="share">Chance of a cycle to be in the first arm, between 0 and 1.</param>
    public static double Evidence(int first, int second, double share = 0.5) => Math.Exp(LogEvidence(first, second, share));

    /// <summary>ln of <see cref="Evidence"/>: ln of ½·s^(−a) where b is 0, plus ½·1/(1−s) ∫ₛ¹ (t/s)^a ((1−t)/(1−s))^b dt.</summary>
    public static double LogEvidence(int first, int second, double share = 0.5)
    {
        var spread = IncompleteBeta.LogBeta(first + 1, second + 1)
            + IncompleteBeta.LogRegularized(second + 1, first + 1, 1 - share)
            - first * Math.Log(share)
            - (second + 1) * SpecialFunctions.Log1p(-share);
        var all = second == 0 ? -first * Math.Log(share) : double.NegativeInfinity;
        var larger = Math.Max(spread, all);
        return larger + Math.Log((Math.Exp(spread - larger) + Math.Exp(all - larger)) / 2);
    }
}
