using HilRig.Model.Runs;
using HilRig.Server.Discrimination;
using HilRig.Server.Storage;
using HilRig.Server.Storage.Sqlite;

namespace HilRig.Bench.Chaos;

/// <summary>What the checker found, and how much it looked at.</summary>
internal sealed record ChaosFinding
{
    public int Runs { get; init; }

    public int Events { get; init; }

    /// <summary>Commands that boards logged and history claims.</summary>
    public int Commands { get; init; }

    /// <summary>Steps of which the product was accused, with the board's own word for it.</summary>
    public int Accusations { get; init; }

    public IReadOnlyDictionary<EndReason, int> Ends { get; init; } = new Dictionary<EndReason, int>();

    public List<string> Lost { get; } = [];

    public List<string> Doubled { get; } = [];

    public List<string> Reordered { get; } = [];

    public List<string> MisBlamed { get; } = [];

    public List<string> Stuck { get; } = [];

    public IEnumerable<(string Kind, List<string> Cases)> Kinds => [("lost", Lost), ("doubled", Doubled), ("reordered", Reordered), ("mis-blamed", MisBlamed), ("stuck", Stuck)];

    public bool IsClean => Kinds.All(kind => kind.Cases.Count == 0);
}

/// <summary>Lays the stored history beside what was on the agents' disks and what the boards logged themselves.</summary>
internal static class ChaosCheck
{
    /// <param name="foreign">Lines of a board's log that were an operator's doing, by board.</param>
    /// <param name="stuck">What did not come to its end.</param>
    public static async Task<ChaosFinding> FindAsync(ChaosLab lab, JournalWatch watch, Func<string, int, bool> foreign, IReadOnlyList<string> stuck)
    {
        using var database = await SqliteDatabase.OpenAsync(lab.Database, default);
        var runs = await StoredRunsAsync(database);
        var attributions = new DiscriminationStore(database);
        var finding = new ChaosFinding
        {
            Runs = runs.Count,
            Events = runs.Sum(run => run.Events.Count),
            Ends = runs.Select(run => run.Events.Select(runEvent => runEvent.Body).OfType<RunEnded>().LastOrDefault()?.Reason).OfType<EndReason>().CountBy(reason => reason).ToDictionary(),
        };
        finding.Stuck.AddRange(stuck);
        foreach (var run in runs)
        {
            finding.Doubled.AddRange(Doubles(run));
            finding.Lost.AddRange(watch.Missing(run.RunId, run.Events));
        }
        finding.Lost.AddRange(watch.Runs.Concat(lab.Accepted.Keys).Distinct().Except(runs.Select(run => run.RunId)).Where(run => !stuck.Any(line => line.Contains(run, StringComparison.Ordinal))).Select(run => $"{run} is not stored at all"));
        finding.Lost.AddRange(await StoredHistory.CheckProjectionsAsync(database));
        foreach (var board in lab.Agents.Select(agent => agent.Board))
        {
            var here = runs.Where(run => run.Place == board.Name).OrderBy(run => run.Epoch).ToList();
            var commands = BoardDiary.Read(board.Logs, line => foreign(board.Name, line));
            var alignment = Alignment.Of([.. here.SelectMany(run => Claims.Of(run.RunId, run.Events))], commands);
            finding = finding with { Commands = finding.Commands + alignment.Pairs.Count };
            finding.Lost.AddRange(alignment.Lost.Select(line => $"{board.Name}: {line}"));
            finding.Doubled.AddRange(alignment.Doubled.Select(line => $"{board.Name}: {line}"));
            finding.Reordered.AddRange(alignment.Reordered);
            var blame = new Blame(board, alignment);
            finding.MisBlamed.AddRange(here.SelectMany(run => blame.Wrong(run.RunId, run.Events)));
            foreach (var run in here)
                finding.MisBlamed.AddRange(blame.Wrong(run.RunId, await attributions.ListAsync(run.RunId, default)));
            finding = finding with { Accusations = finding.Accusations + blame.Rightly };
        }
        return finding;
    }

    private static IEnumerable<string> Doubles(StoredRun run)
    {
        var bodies = run.Events.Select(runEvent => runEvent.Body).ToList();
        if (!run.Events.Select(runEvent => runEvent.Number).SequenceEqual(Enumerable.Range(1, run.Events.Count).Select(number => (long)number)))
            yield return $"{run.RunId}: its events are not numbered 1 to {run.Events.Count}, each once";
        foreach (var cycle in bodies.OfType<CycleEnded>().CountBy(cycle => cycle.Cycle).Where(cycle => cycle.Value > 1))
            yield return $"{run.RunId}: cycle {cycle.Key} ended {cycle.Value} times";
        if (bodies.OfType<RunEnded>().Count() > 1)
            yield return $"{run.RunId}: ended more than once";
    }

    private static async Task<IReadOnlyList<StoredRun>> StoredRunsAsync(IDatabase database)
    {
        var (store, orders) = (new RunStore(database), new OrderStore(database));
        var runs = new List<StoredRun>();
        foreach (var run in await store.ListRunsAsync(int.MaxValue, default))
            runs.Add(new StoredRun(run.RunId, run.Started.Place, (await orders.FindOrderAsync(run.RunId, default))?.Order.Epoch ?? 0, await store.ReadEventsAsync(run.RunId, 0, int.MaxValue, default)));
        return runs;
    }

    private sealed record StoredRun(string RunId, string Place, long Epoch, IReadOnlyList<RunEvent> Events);
}
