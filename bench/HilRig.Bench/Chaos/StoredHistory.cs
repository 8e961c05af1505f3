using Dapper;
using HilRig.Model.Runs;
using HilRig.Server.Storage;

namespace HilRig.Bench.Chaos;

/// <summary>The checker of a database: what it holds against what the agents had; nothing lost, nothing doubled, each run in its order.</summary>
public static class StoredHistory
{
    /// <summary>What is wrong with every run to its end, and with the number of runs. Bodies are compared, and numbers; the times are the agents' own clocks'.</summary>
    public static async Task<IReadOnlyList<string>> CheckAsync(IDatabase database, IReadOnlyDictionary<string, IReadOnlyList<RunEvent>> model)
    {
        var store = new RunStore(database);
        var problems = new List<string>();
        foreach (var (runId, expected) in model)
            problems.AddRange(Differences(await store.ReadEventsAsync(runId, 0, int.MaxValue, default), expected, runId));
        if ((await store.ListRunsAsync(int.MaxValue, default)).Count is var count && count != model.Count)
            problems.Add($"{count} runs are stored, {model.Count} were run");
        problems.AddRange(await CheckProjectionsAsync(database));
        return problems;
    }

    /// <summary>Where these are other events than expected, or in another order.</summary>
    public static IEnumerable<string> Differences(IReadOnlyList<RunEvent> stored, IReadOnlyList<RunEvent> expected, string runId)
    {
        if (!stored.Select(runEvent => runEvent.Number).SequenceEqual(Enumerable.Range(1, expected.Count).Select(number => (long)number)))
            yield return $"{runId}: its numbers are {Ranges(stored)}, not 1 to {expected.Count}";
        for (var index = 0; index < Math.Min(stored.Count, expected.Count); index++)
        {
            if (StoredText.ToJson(stored[index].Body) != StoredText.ToJson(expected[index].Body))
                yield return $"{runId}, event {index + 1}: stored is {StoredText.ToJson(stored[index].Body)}, it was {StoredText.ToJson(expected[index].Body)}";
        }
    }

    /// <summary>Where summaries, cycles and samples are not what the stored events say.</summary>
    public static async Task<IEnumerable<string>> CheckProjectionsAsync(IDatabase database)
    {
        var before = await ProjectionsAsync(database);
        await new Projections(database).RebuildAsync(default);
        var after = await ProjectionsAsync(database);
        return before.Except(after).Select(row => $"a projection is not what the events say: {row}")
            .Concat(after.Except(before).Select(row => $"a projection is missing: {row}"));
    }

    private static string Ranges(IReadOnlyList<RunEvent> events) =>
        events.Count == 0 ? "none" : string.Join(", ", events.Select(runEvent => runEvent.Number).Chunk(20).Select(chunk => $"{chunk[0]}–{chunk[^1]}"));

    private static async Task<List<string>> ProjectionsAsync(IDatabase database)
    {
        var store = new RunStore(database);
        var found = (await store.ListRunsAsync(int.MaxValue, default)).Select(StoredText.ToJson).ToList();
        await foreach (var sample in store.ReadSamplesAsync(null, 0, default))
            found.Add(StoredText.ToJson(sample));
        await using var reader = await database.OpenReaderAsync(default);
        found.AddRange((await reader.QueryAsync("SELECT * FROM cycle ORDER BY run_key, cycle")).Select(row => StoredText.ToJson((object)row)));
        return found;
    }
}
