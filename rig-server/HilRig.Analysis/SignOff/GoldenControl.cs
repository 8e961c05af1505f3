using HilRig.Analysis.Triggers;
using HilRig.Model.Runs;

namespace HilRig.Analysis.SignOff;

/// <summary>
/// The known-good release that ran among the cycles of a sign-off: what the rig does to it, it does to the new one. Leaving
/// out more of the new release than of this one would be leaving out failures.
/// </summary>
/// <param name="Failures">Its failures: the rig's, as it is known to be good.</param>
/// <param name="ParityP">Fisher's exact p of the new release having so large a share of the voided cycles, if both were voided alike.</param>
public sealed record GoldenControl(string Release, long Cycles, long Failures, long Voided, double ParityP)
{
    /// <summary>Below it the exclusions are not the rig's alone, and the sign-off is void.</summary>
    public const double Parity = 0.01;

    internal static GoldenControl? Of(SignOffPlan plan, IReadOnlyList<SignOffSample> samples)
    {
        if (plan.Golden is not { } release)
            return null;
        var (golden, own) = (samples.Where(sample => sample.IsGolden).ToList(), samples.Where(sample => !sample.IsGolden).ToList());
        var voided = golden.Count(sample => sample.Voided is not null);
        var table = new FourfoldTable(own.Count(sample => sample.Voided is not null), own.Count, voided, golden.Count);
        return new GoldenControl(release, golden.Count - voided, golden.Count(sample => sample is { Voided: null, Verdict: > Verdict.Pass }), voided, Math.Exp(table.LogFisherP()));
    }
}
