using HilRig.Model.Runs;

namespace HilRig.Cli.Demo;

/// <summary>Progress of the three runs: one line that is rewritten on a terminal, a line every tenth of the work elsewhere.</summary>
public sealed class DemoProgress(int cycles, TextWriter output, bool isTerminal)
{
    private int shownTenths = -1;

    public void Show(IReadOnlyList<RunSummary> runs)
    {
        var done = runs.Sum(run => run.CyclesDone);
        var tenths = 10 * done / (cycles * Lab.Places.Count);
        if (!isTerminal && tenths == shownTenths)
            return;
        shownTenths = tenths;
        var line = $"  {Bar(done)} {string.Join("   ", Lab.Places.Select(place => Words(place, runs)))}";
        if (isTerminal)
            output.Write($"\r\e[K{line}{(tenths == 10 && runs.All(run => !run.IsRunning) ? Environment.NewLine : "")}");
        else
            output.WriteLine(line);
    }

    private string Bar(int done)
    {
        var filled = 20 * done / (cycles * Lab.Places.Count);
        return $"[{new string('#', filled)}{new string('.', 20 - filled)}]";
    }

    private static string Words(string place, IReadOnlyList<RunSummary> runs)
    {
        var run = runs.FirstOrDefault(candidate => candidate.Started.Place == place);
        return run is null
            ? $"{place} starting"
            : $"{place} {run.CyclesDone} cycles, {run.CyclesByVerdict.GetValueOrDefault(Verdict.Fail)} failed";
    }
}
