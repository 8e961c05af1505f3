using HilRig.Model.Campaigns;
using HilRig.Model.Runs;

namespace HilRig.Cli.Lab;

/// <summary>How far a watched run is: one line that is rewritten on a terminal, a line for each change of a tenth elsewhere.</summary>
internal sealed class WatchLine(TextWriter output, bool isTerminal) : IDisposable
{
    private const int Width = 20;
    private string shown = "";

    public void Show(string runId, string waiting, RunSummary? run)
    {
        if (run is null)
        {
            var line = $"{runId} waits: {waiting}";
            Show(line, line);
            return;
        }
        var bar = Bar(run.CyclesDone, run.Started.Cycles);
        Show(bar, $"{bar} {run.CyclesDone} of {run.Started.Cycles} cycles, {run.CyclesByVerdict.GetValueOrDefault(Verdict.Fail)} failed");
    }

    public void Show(CampaignView view)
    {
        var progress = view.Progress;
        var bar = Bar(progress.Done, progress.Target);
        Show(
            progress.Waiting ?? bar,
            $"{bar} {progress.Done} of {progress.Target}, {progress.Rate.Failures} failed{(progress.Waiting is { } waiting ? $"; waits: {waiting}" : "")}");
    }

    public void Dispose()
    {
        if (isTerminal && shown.Length > 0)
            output.WriteLine();
    }

    /// <param name="key">What has to change before a line is written where nobody can rewrite one.</param>
    private void Show(string key, string line)
    {
        key = isTerminal ? line : key;
        if (key == shown)
            return;
        shown = key;
        output.Write(isTerminal ? $"\r\e[K{line}" : $"{line}{Environment.NewLine}");
    }

    private static string Bar(long done, long of)
    {
        var filled = (int)Math.Min(Width, Width * done / Math.Max(1, of));
        return $"[{new string('#', filled)}{new string('.', Width - filled)}]";
    }
}
