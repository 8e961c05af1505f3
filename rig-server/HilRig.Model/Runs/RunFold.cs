namespace HilRig.Model.Runs;

/// <summary>Folds a run's events, in order, into its <see cref="RunSummary"/>. The same code serves agent, server and tests.</summary>
public sealed class RunFold
{
    private readonly Dictionary<Verdict, int> cyclesByVerdict = [];
    private readonly Dictionary<string, int> stepFailures = [];
    private RunEvent? first;
    private RunEvent? last;
    private RunEnded? ended;
    private Verdict verdict;
    private int cyclesDone;
    private int marginalSteps;
    private DateTimeOffset? lastFailureAt;
    private int? eraseSteps = 0;

    /// <summary>Number of the last event applied; 0 before the first.</summary>
    public long LastNumber => last?.Number ?? 0;

    /// <summary>A fold that goes on where <paramref name="summary"/> stopped, so that nobody has to read a night's events again.</summary>
    public static RunFold Resume(RunSummary summary)
    {
        var fold = new RunFold
        {
            first = new RunEvent(summary.RunId, 1, summary.StartedAt, summary.Started),
            last = new RunEvent(summary.RunId, summary.LastNumber, summary.LastEventAt, summary.Started),
            ended = summary.Ended,
            verdict = summary.Verdict,
            cyclesDone = summary.CyclesDone,
            marginalSteps = summary.MarginalSteps,
            lastFailureAt = summary.LastFailureAt,
            eraseSteps = summary.EraseSteps,
        };
        foreach (var (key, count) in summary.CyclesByVerdict)
            fold.cyclesByVerdict[key] = count;
        foreach (var (key, count) in summary.StepFailures)
            fold.stepFailures[key] = count;
        return fold;
    }

    /// <summary>Applies the next event. Throws when a number is skipped or repeated, or the first event is not a <see cref="RunStarted"/>.</summary>
    public void Apply(RunEvent runEvent)
    {
        if (runEvent.Number != LastNumber + 1)
            throw new InvalidDataException($"run {runEvent.RunId}: event {runEvent.Number} follows {LastNumber}; the numbers must have no gaps");
        if (first is null && runEvent.Body is not RunStarted)
            throw new InvalidDataException($"run {runEvent.RunId}: the first event is {runEvent.Body.GetType().Name}, expected RunStarted");
        first ??= runEvent;
        last = runEvent;
        switch (runEvent.Body)
        {
            case StepEnded step:
                Apply(step);
                break;
            case CycleEnded cycle:
                verdict = verdict.Worst(cycle.Verdict);
                if (cycle.Cycle > 0)
                {
                    // What a person stopped has not failed.
                    if (cycle.Verdict is Verdict.Fail or Verdict.Inconclusive or Verdict.Error)
                        lastFailureAt = runEvent.At;
                    cyclesDone++;
                    cyclesByVerdict[cycle.Verdict] = cyclesByVerdict.GetValueOrDefault(cycle.Verdict) + 1;
                }
                break;
            case RunEnded end:
                ended = end;
                verdict = verdict.Worst(end.Verdict);
                break;
        }
    }

    /// <summary>The summary as of the last event; throws before the first.</summary>
    public RunSummary ToSummary()
    {
        if (first is null || last is null)
            throw new InvalidOperationException("a run without events has no summary");
        return new RunSummary(
            first.RunId,
            (RunStarted)first.Body,
            first.At,
            last.At,
            last.Number,
            cyclesDone,
            marginalSteps,
            new Dictionary<Verdict, int>(cyclesByVerdict),
            new Dictionary<string, int>(stepFailures),
            verdict,
            ended)
        {
            LastFailureAt = lastFailureAt,
            EraseSteps = eraseSteps,
        };
    }

    private void Apply(StepEnded step)
    {
        if (FlashWear.IsErasing(step.Step))
            eraseSteps++;
        if (step.Phase is not StepPhase.Steps)
            return;
        if (step.Marginal)
            marginalSteps++;
        if (step.Failure is null || step.Verdict == Verdict.Aborted)
            return;
        var fingerprint = Fingerprint.Of(step.Step, step.Failure).ToString();
        stepFailures[fingerprint] = stepFailures.GetValueOrDefault(fingerprint) + 1;
    }
}
