namespace HilRig.Analysis.Reproducers;

/// <summary>Whether one candidate fails at all: Wald's sequential test of the failure's own rate against the background.</summary>
/// <param name="rate">Chance of the failure as seen so far; four fifths of it are asked for.</param>
/// <param name="background">Chance of the same fingerprint without the cause.</param>
public sealed class CandidateTest(double rate, double background)
{
    private const double FalseAccept = 0.01;
    private const double FalseReject = 0.05;
    private readonly double raised = Math.Min(0.8 * rate, 1 - 1e-6);
    private readonly double floor = Math.Max(background, 1e-6);
    private double evidence;

    /// <summary>True: it fails. False: it does not. Null: more runs are needed.</summary>
    public bool? Verdict =>
        evidence >= Math.Log((1 - FalseReject) / FalseAccept) ? true
        : evidence <= Math.Log(FalseReject / (1 - FalseAccept)) ? false
        : null;

    public void Record(int failures, int runs) =>
        evidence += failures * Math.Log(raised / floor) + (runs - failures) * Math.Log((1 - raised) / (1 - floor));
}
