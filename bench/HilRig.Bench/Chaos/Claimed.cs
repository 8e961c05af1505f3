using HilRig.Model.Runs;

namespace HilRig.Bench.Chaos;

/// <summary>A command that the stored history says a board was given.</summary>
/// <param name="IsCertain">The step passed: the board has done it, once. Else it may or may not have come that far.</param>
/// <param name="Step">Null for what may have been repeated to tell whose fault something was.</param>
public sealed record Claimed(string Text, bool IsCertain, string RunId, StepEnded? Step);

/// <summary>Turns a run's stored events into the commands that they claim.</summary>
internal static class Claims
{
    /// <summary>The agent repeats the cycles of so many undetermined samples, so often (<c>Discrimination</c>).</summary>
    private const int Samples = 2;
    private const int Repetitions = 2;

    public static IEnumerable<Claimed> Of(string runId, IReadOnlyList<RunEvent> events)
    {
        var bodies = events.Select(runEvent => runEvent.Body).ToList();
        var marks = new Dictionary<int, string>();
        var undetermined = new List<int>();
        StepStarted? open = null;
        foreach (var body in bodies)
        {
            if (body is StepStarted { Phase: StepPhase.Cleanup, Index: 0 } or RunResumed or RunEnded)
            {
                foreach (var mayHaveBeen in Open(runId, open).Concat(Repeated(runId, undetermined.Take(Samples).Select(cycle => marks[cycle]))))
                    yield return mayHaveBeen;
                open = null;
            }
            switch (body)
            {
                case StepStarted started:
                    open = started;
                    if (started is { Phase: StepPhase.Steps, Index: 0 })
                        marks[started.Cycle] = started.Arguments;
                    break;
                case StepEnded { Phase: not StepPhase.Recovery } ended:
                    open = null;
                    if (ended is { Phase: StepPhase.Steps, Layer: Layer.Undetermined })
                        undetermined.Add(ended.Cycle);
                    foreach (var command in ChaosSequence.Commands(ended.Step, ended.Arguments))
                        yield return new Claimed(command, ended.Verdict == Verdict.Pass, runId, ended);
                    break;
                case StepEnded:
                    open = null;
                    break;
            }
        }
        foreach (var mayHaveBeen in Open(runId, open))
            yield return mayHaveBeen;
    }

    /// <summary>A step that began and that nobody saw end.</summary>
    private static IEnumerable<Claimed> Open(string runId, StepStarted? step) =>
        step is null or { Phase: StepPhase.Recovery } ? [] : ChaosSequence.Commands(step.Step, step.Arguments).Select(command => new Claimed(command, false, runId, null));

    private static IEnumerable<Claimed> Repeated(string runId, IEnumerable<string> marks) =>
        from mark in marks
        from _ in Enumerable.Range(0, Repetitions)
        from command in ChaosSequence.Repetition(mark)
        select new Claimed(command, false, runId, null);
}
