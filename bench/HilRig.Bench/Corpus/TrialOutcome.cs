using HilRig.Model.Runs;

namespace HilRig.Bench.Corpus;

/// <summary>Whom a run accuses in the end, reruns included.</summary>
/// <param name="Said">The layer; <see cref="Layer.None"/> where nothing failed: the fault did not show.</param>
/// <param name="Because">The failure that decided, in its own words.</param>
public sealed record TrialOutcome(Layer Said, string Because)
{
    /// <summary>
    /// One wrong accusation anywhere in a run is a wrong run, whatever else it says rightly. Without one, a right accusation outweighs
    /// what stayed undetermined.
    /// </summary>
    public static TrialOutcome Of(IReadOnlyList<RunEvent> events, Layer truth)
    {
        var attributed = events.Select(runEvent => runEvent.Body).OfType<SampleAttributed>().ToDictionary(sample => sample.Number);
        var accused = events
            .Where(runEvent => runEvent.Body is StepEnded { Phase: StepPhase.Setup or StepPhase.Steps or StepPhase.Cleanup, Failure: not null })
            .Select(runEvent => Accusation(runEvent.Number, (StepEnded)runEvent.Body, attributed))
            .ToList();
        if (events[^1].Body is RunEnded { Verdict: > Verdict.Pass } ended && (accused.Count == 0 || (ended.Verdict == Verdict.Error && !accused.Exists(one => one.Said == Layer.Rig))))
            accused.Add(new TrialOutcome(OfEnd(ended.Verdict), $"{ended.Reason}: {ended.Message}"));
        return accused.Find(one => one.Said != truth && one.Said != Layer.Undetermined)
            ?? accused.Find(one => one.Said == truth)
            ?? accused.Select(one => one with { Because = $"{one.Because} (the run: {((RunEnded)events[^1].Body).Reason})" }).FirstOrDefault()
            ?? new TrialOutcome(Layer.None, "everything passed");
    }

    private static TrialOutcome Accusation(long number, StepEnded step, Dictionary<long, SampleAttributed> attributed)
    {
        var words = $"{Fingerprint.Of(step.Step, step.Failure!)}: {step.Failure!.Message}";
        return attributed.TryGetValue(number, out var sample)
            ? new TrialOutcome(sample.Layer, $"{words}; rerun: {sample.Because} ({string.Join("; ", sample.Reruns.Select(rerun => $"{rerun.Arm} {rerun.Outcome} {rerun.LineErrors}: {rerun.Seen}"))})")
            : new TrialOutcome(step.Layer, words);
    }

    private static Layer OfEnd(Verdict verdict) => verdict switch
    {
        Verdict.Error => Layer.Rig,
        Verdict.Fail => Layer.Product,
        _ => Layer.Undetermined,
    };
}
