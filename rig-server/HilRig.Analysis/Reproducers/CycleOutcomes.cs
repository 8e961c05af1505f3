using HilRig.Model.Runs;

namespace HilRig.Analysis.Reproducers;

/// <summary>What a run's cycles say of one fingerprint.</summary>
/// <param name="Failures">Cycles that failed with it.</param>
/// <param name="Passes">Cycles that passed.</param>
/// <param name="Others">Cycles that ended otherwise: they are neither for nor against.</param>
public sealed record CycleOutcomes(int Failures, int Passes, int Others)
{
    public int Counted => Failures + Passes;

    /// <summary>Of several boards together.</summary>
    public static CycleOutcomes Sum(IEnumerable<CycleOutcomes> outcomes) =>
        outcomes.Aggregate(new CycleOutcomes(0, 0, 0), (sum, one) => new CycleOutcomes(sum.Failures + one.Failures, sum.Passes + one.Passes, sum.Others + one.Others));

    /// <param name="fingerprint">The failure in question; null for any that is the product's.</param>
    /// <param name="cycles">The cycles to count; all of them where not given.</param>
    public static CycleOutcomes Of(IEnumerable<RunEvent> events, Fingerprint? fingerprint, Func<int, bool>? cycles = null)
    {
        var (failures, passes, others) = (0, 0, 0);
        var seen = false;
        foreach (var body in events.Select(runEvent => runEvent.Body))
        {
            switch (body)
            {
                case CycleStarted:
                    seen = false;
                    break;
                case StepEnded { Phase: StepPhase.Steps, Failure: { } failure } step:
                    seen |= fingerprint is null ? step.Layer is Layer.Product : Fingerprint.Of(step.Step, failure).Key == fingerprint.Key;
                    break;
                case CycleEnded { Cycle: > 0 } cycle when cycles?.Invoke(cycle.Cycle) ?? true:
                    failures += seen ? 1 : 0;
                    passes += !seen && cycle.Verdict is Verdict.Pass ? 1 : 0;
                    others += !seen && cycle.Verdict is not Verdict.Pass ? 1 : 0;
                    break;
            }
        }
        return new CycleOutcomes(failures, passes, others);
    }
}
