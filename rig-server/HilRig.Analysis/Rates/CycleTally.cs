using HilRig.Analysis.SignOff;
using HilRig.Model.Flags;
using HilRig.Model.Runs;

namespace HilRig.Analysis.Rates;

/// <summary>Cycles of runs by their summaries, counted as a sign-off counts them.</summary>
/// <remarks>A summary knows no layers; a cycle that fails by the rig is an error, and voided by its verdict.</remarks>
/// <param name="Cycles">Failed of those that count.</param>
/// <param name="Voided">Those that do not.</param>
public sealed record CycleTally(Rate Cycles, long Voided)
{
    public static CycleTally Of(IEnumerable<RunSummary> runs)
    {
        var outcomes = runs.SelectMany(run => run.CyclesByVerdict).ToLookup(outcome => SignOffSamples.VoidedBy(outcome.Key, Layer.None) is null);
        var rate = Wilson.Rate(outcomes[true].Where(outcome => outcome.Key > Verdict.Pass).Sum(outcome => outcome.Value), outcomes[true].Sum(outcome => outcome.Value));
        return new CycleTally(rate, outcomes[false].Sum(outcome => (long)outcome.Value));
    }
}
