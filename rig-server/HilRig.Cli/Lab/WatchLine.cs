using HilRig.Model.Runs;

namespace HilRig.Cli.Lab;

/// <summary>How far a watched run is: one line that is rewritten on a terminal, a line for each change of a tenth elsewhere.</summary>
internal sealed class WatchLine(TextWriter output, bool isTerminal) : IDisposable
{
    private const int Width = 20;
    private string shown = "";

    public void Show(string runId, string waiting, RunSummary? run)
    {
        var line = run is null ? $"{runId} waits: {waiting}" : $"{Bar(run)} {run.CyclesDone} of {run.Started.Cycles} cycles, {run.CyclesByVerdict.GetValueOrDefault(Verdict.Fail)} failed";
        var key = isTerminal || run is null ? line : Bar(run);
        if (key == shown)
            return;
        shown = key;
        output.Write(isTerminal ? $"\r\e[K{line}" : $"{line}{Environment.NewLine}");
    }

    public void Dispose()
    {
        if (isTerminal && shown.Length > 0)
            output.WriteLine();
    }

    private static string Bar(RunSummary run)
    {
        var filled = (int)Math.Min(Width, (long)Width * run.CyclesDone / Math.Max(1, run.Started.Cycles));
        return $"[{new string('#', filled)}{new string('.', Width - filled)}]";
    }
}
