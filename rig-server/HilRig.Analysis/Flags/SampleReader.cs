using HilRig.Model.Runs;

namespace HilRig.Analysis.Flags;

/// <summary>Turns the events of any number of runs, each in its order, into the samples that the analysis counts.</summary>
public sealed class SampleReader
{
    private readonly Dictionary<string, RunStarted> running = [];

    /// <summary>The sample that this event is, or null: only steps of the sequence proper are samples.</summary>
    public StepSample? Read(RunEvent runEvent)
    {
        switch (runEvent.Body)
        {
            case RunStarted started:
                running[runEvent.RunId] = started;
                return null;
            case RunEnded:
                running.Remove(runEvent.RunId);
                return null;
            case StepEnded step when running.TryGetValue(runEvent.RunId, out var started):
                return ToSample(started, runEvent, step);
            case StepEnded:
                throw new InvalidDataException($"run {runEvent.RunId}: event {runEvent.Number} ends a step of a run that has not started");
            default:
                return null;
        }
    }

    /// <summary>The samples of a stream of events.</summary>
    public static IEnumerable<StepSample> From(IEnumerable<RunEvent> events)
    {
        var reader = new SampleReader();
        foreach (var runEvent in events)
        {
            if (reader.Read(runEvent) is { } sample)
                yield return sample;
        }
    }

    /// <summary>The sample of one ended step, or null where it stands in setup, cleanup or recovery, in the repetition of a cycle that failed, or in a candidate for a reproducer: chosen for their failures, they say nothing of a rate.</summary>
    public static StepSample? ToSample(RunStarted started, RunEvent runEvent, StepEnded step) =>
        step.Phase is not StepPhase.Steps || !InvestigationRun.TellsARate(runEvent.RunId, started)
            ? null
            : new StepSample(
                runEvent.RunId,
                runEvent.Number,
                runEvent.At,
                started.Release,
                started.Sequence,
                started.SequenceDigest,
                started.Agent,
                started.Place,
                step.Cycle,
                step.Index,
                step.Step,
                step.Verdict,
                step.Layer,
                FingerprintOf(step),
                step.Marginal,
                step.Conditions)
            {
                Hub = started.Hub,
            };

    private static Fingerprint? FingerprintOf(StepEnded step) =>
        step.Verdict <= Verdict.Pass ? null
        : step.Failure is { } failure ? Fingerprint.Of(step.Step, failure)
        : new Fingerprint(step.Step, step.Step, "unexplained", "");
}
