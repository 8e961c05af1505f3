using HilRig.Analysis.Rates;
using MathNet.Numerics;

namespace HilRig.Analysis.Triggers;

/// <summary>The 2×2 table of a condition: failures and trials while it held (inside) and while it did not (outside).</summary>
public readonly record struct FourfoldTable(int InsideFailures, int InsideTrials, int OutsideFailures, int OutsideTrials)
{
    public int Failures => InsideFailures + OutsideFailures;

    public int Trials => InsideTrials + OutsideTrials;

    /// <summary>True when it fails more often inside than outside, and both sides were seen.</summary>
    public bool IsEnriched =>
        InsideTrials > 0 && OutsideTrials > 0 && (long)InsideFailures * OutsideTrials > (long)OutsideFailures * InsideTrials;

    /// <summary>
    /// Fisher's exact test, one-sided, as ln p: the chance of this many failures or more inside, given only how many trials
    /// and failures there were. In logarithms, so that a night of evidence does not underflow to 0.
    /// </summary>
    public double LogFisherP()
    {
        var lowest = Math.Max(0, Failures - OutsideTrials);
        var highest = Math.Min(Failures, InsideTrials);
        if (InsideFailures <= lowest)
            return 0;
        var mode = (int)((Failures + 1L) * (InsideTrials + 1L) / (Trials + 2L));
        var start = Math.Clamp(mode, InsideFailures, highest);
        return Math.Min(0, LogHypergeometric(start) + Math.Log(RelativeSum(start, highest)));
    }

    /// <summary>
    /// Bits of evidence for two rates over one common rate (Bayes factor under Jeffreys priors, log2); each bit doubles the odds.
    /// </summary>
    public double Bits() =>
        (LogRate(InsideFailures, InsideTrials) + LogRate(OutsideFailures, OutsideTrials)
            - LogRate(0, 0) - LogRate(Failures, Trials)) / Math.Log(2);

    /// <summary>Chances of each possible number of failures inside, from the fewest on, given the margins.</summary>
    internal double[] Hypergeometric()
    {
        var lowest = Math.Max(0, Failures - OutsideTrials);
        var table = this;
        return [.. Enumerable.Range(lowest, Math.Min(Failures, InsideTrials) - lowest + 1).Select(inside => Math.Exp(table.LogHypergeometric(inside)))];
    }

    private static double LogRate(int failures, int trials) => IncompleteBeta.LogBeta(failures + 0.5, trials - failures + 0.5);

    /// <summary>The sum of all terms from <see cref="InsideFailures"/> to the highest, in units of the term at <paramref name="start"/>.</summary>
    private double RelativeSum(int start, int highest)
    {
        var sum = 1.0;
        var term = 1.0;
        for (var i = start; i < highest && term > 1e-18 * sum; i++)
        {
            term *= (double)(Failures - i) * (InsideTrials - i) / ((i + 1.0) * (OutsideTrials - Failures + i + 1.0));
            sum += term;
        }
        term = 1.0;
        for (var i = start; i > InsideFailures && term > 1e-18 * sum; i--)
        {
            term *= i * (double)(OutsideTrials - Failures + i) / ((Failures - i + 1.0) * (InsideTrials - i + 1.0));
            sum += term;
        }
        return sum;
    }

    private double LogHypergeometric(int inside) =>
        LogChoose(InsideTrials, inside) + LogChoose(OutsideTrials, Failures - inside) - LogChoose(Trials, Failures);

    private static double LogChoose(int n, int k) =>
        SpecialFunctions.GammaLn(n + 1.0) - SpecialFunctions.GammaLn(k + 1.0) - SpecialFunctions.GammaLn(n - k + 1.0);
}
