using MathNet.Numerics;

namespace HilRig.Analysis.Reproducers;

/// <summary>Whether a candidate still fails at about the rate that is known, asked cycle by cycle until it is clear (Wald's sequential test).</summary>
/// <param name="rate">Chance of the failure in a cycle that has what it needs.</param>
/// <param name="background">Chance of it in one that has not.</param>
public sealed class SequentialTest(double rate, double background)
{
    /// <summary>Chance of taking one that does not fail, and of dropping one that does.</summary>
    private const double FalselyKept = 0.01, FalselyDropped = 0.05;

    private double evidence;

    /// <summary>Without a background one failure decides.</summary>
    public bool IsAccepted => evidence >= Math.Log((1 - FalselyDropped) / FalselyKept);

    public bool IsRejected => evidence <= Math.Log(FalselyDropped / (1 - FalselyKept));

    /// <summary>Cycles that a rejection takes, if none fails.</summary>
    public static int CyclesToReject(double rate, double background) =>
        (int)Math.Ceiling(Math.Log(FalselyDropped / (1 - FalselyKept)) / (SpecialFunctions.Log1p(-rate) - SpecialFunctions.Log1p(-background)));

    public void Record(int failures, int runs) =>
        evidence += (failures == 0 ? 0 : failures * Math.Log(rate / background)) + (runs - failures) * (SpecialFunctions.Log1p(-rate) - SpecialFunctions.Log1p(-background));
}
