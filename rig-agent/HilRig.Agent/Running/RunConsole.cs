using HilRig.Model.Runs;

namespace HilRig.Agent.Running;

/// <summary>
/// Shows a run to the person at the terminal: a line of progress, a line for each failure, the folded run at the end.
/// On a terminal the progress is drawn over itself; elsewhere it is a plain line now and then.
/// </summary>
/// <param name="columns">Width of the terminal, asked at each drawing; null where there is none.</param>
public sealed class RunConsole(TextWriter output, Func<int>? columns)
{
    private const int UsualColumns = 80;
    private const string Indent = "  ";

    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PlainLine = TimeSpan.FromSeconds(30);

    private readonly RunFold fold = new();
    private readonly RunProgress progress = new();
    private DateTimeOffset shown;
    private bool hasEnded;

    /// <summary>On this process's own console.</summary>
    public static RunConsole OnStandardOutput() => new(Console.Out, Console.IsOutputRedirected ? null : () => Console.WindowWidth);

    /// <summary>Takes in what was on disk before, without a word.</summary>
    public void Recall(RunEvent runEvent)
    {
        fold.Apply(runEvent);
        progress.Apply(runEvent);
    }

    public void Show(RunEvent runEvent)
    {
        Recall(runEvent);
        switch (runEvent.Body)
        {
            case RunStarted started:
                shown = runEvent.At;
                output.WriteLine($"run {runEvent.RunId}: {started.Sequence} on {started.Place}, board {started.BoardId}, release {started.Release}, {started.Cycles} cycles, seed {started.Seed}");
                break;
            case StepEnded { Failure: { } failure } step:
                WriteLine($"  cycle {step.Cycle}: {Fingerprint.Of(step.Step, failure)}  [{Word(step.Verdict)}, {step.Layer.ToString().ToLowerInvariant()}] {failure.Message}");
                break;
            case RunResumed resumed:
                shown = runEvent.At;
                output.WriteLine($"run {runEvent.RunId} goes on at cycle {resumed.NextCycle}: {resumed.Because}");
                break;
            case StepParked parked:
                WriteLine($"  `{parked.Step}` is parked: the agent died in it {parked.Crashes} times");
                break;
            case CycleCutShort cut:
                WriteLine($"  cycle {cut.Cycle}: {cut.Because}");
                break;
            case SampleAttributed attributed:
                WriteLine($"  cycle {attributed.Cycle}, `{attributed.Step}`: {attributed.Layer.ToString().ToLowerInvariant()}; {attributed.Because}");
                break;
            case RigNotice notice:
                WriteLine($"  {notice.Subject}: {notice.Message}");
                break;
            case CycleEnded when progress.IsUnderWay && runEvent.At - shown >= (columns is null ? PlainLine : Redraw):
                shown = runEvent.At;
                if (columns is null)
                    output.WriteLine(Indent + progress.InAtMost(int.MaxValue));
                else
                    Draw();
                break;
            case RunEnded ended:
                hasEnded = true;
                ShowEnd(ended);
                break;
        }
    }

    /// <summary>A word to the person at the terminal that is no event.</summary>
    public void Say(string words) => WriteLine($"  {words}");

    private void ShowEnd(RunEnded ended)
    {
        var summary = fold.ToSummary();
        WriteLine($"{Word(ended.Verdict)}: {summary.CyclesDone} cycles, {Counts(summary)}, {summary.MarginalSteps} marginal steps; {ended.Message}");
        if (summary.CyclesDone > 0)
            output.WriteLine($"  {progress.ByLayer()}");
        foreach (var (fingerprint, count) in summary.StepFailures.OrderByDescending(pair => pair.Value))
            output.WriteLine($"  {count,5} × {fingerprint}");
    }

    /// <summary>A line that stays; on a terminal it takes the place of the progress, which is drawn again below it.</summary>
    private void WriteLine(string line)
    {
        output.WriteLine(columns is null ? line : $"\r\e[K{line}");
        if (columns is not null && progress.IsUnderWay && !hasEnded)
            Draw();
    }

    /// <summary>In one row: a line that wraps cannot be drawn over.</summary>
    private void Draw()
    {
        var width = columns!() is > 0 and var known ? known : UsualColumns;
        output.Write($"\r{Indent}{progress.InAtMost(width - Indent.Length - 1)}\e[K");
    }

    private static string Word(Verdict verdict) => verdict.ToString().ToLowerInvariant();

    private static string Counts(RunSummary summary) =>
        summary.CyclesByVerdict.Count == 0
            ? "none finished"
            : string.Join(", ", summary.CyclesByVerdict.OrderBy(pair => pair.Key).Select(pair => $"{pair.Value} {Word(pair.Key)}"));
}
