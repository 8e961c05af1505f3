using HilRig.Model.Runs;

namespace HilRig.Agent.Running;

/// <summary>Shows a run to the person at the terminal: a line that counts cycles, a line for each failure, the folded run at the end.</summary>
public sealed class RunConsole(TextWriter output, bool isTerminal)
{
    private readonly RunFold fold = new();

    public void Show(RunEvent runEvent)
    {
        fold.Apply(runEvent);
        switch (runEvent.Body)
        {
            case RunStarted started:
                output.WriteLine($"run {runEvent.RunId}: {started.Sequence} on {started.Place}, board {started.BoardId}, release {started.Release}, {started.Cycles} cycles, seed {started.Seed}");
                break;
            case StepEnded { Failure: { } failure } step:
                ClearLine();
                output.WriteLine($"  cycle {step.Cycle}: {Fingerprint.Of(step.Step, failure)}  [{step.Verdict.ToString().ToLowerInvariant()}, {step.Layer.ToString().ToLowerInvariant()}] {failure.Message}");
                break;
            case CycleEnded when isTerminal:
                var summary = fold.ToSummary();
                output.Write($"\r  {summary.CyclesDone}/{summary.Started.Cycles} cycles, {Counts(summary)}   ");
                break;
            case RunEnded ended:
                ClearLine();
                ShowEnd(ended);
                break;
        }
    }

    private void ShowEnd(RunEnded ended)
    {
        var summary = fold.ToSummary();
        output.WriteLine($"{ended.Verdict.ToString().ToLowerInvariant()}: {summary.CyclesDone} cycles, {Counts(summary)}, {summary.MarginalSteps} marginal steps; {ended.Message}");
        foreach (var (fingerprint, count) in summary.StepFailures.OrderByDescending(pair => pair.Value))
            output.WriteLine($"  {count,5} × {fingerprint}");
    }

    private void ClearLine()
    {
        if (isTerminal)
            output.Write("\r\e[K");
    }

    private static string Counts(RunSummary summary) =>
        summary.CyclesByVerdict.Count == 0
            ? "none finished"
            : string.Join(", ", summary.CyclesByVerdict.OrderBy(pair => pair.Key).Select(pair => $"{pair.Value} {pair.Key.ToString().ToLowerInvariant()}"));
}
