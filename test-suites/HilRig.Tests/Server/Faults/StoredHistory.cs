using Dapper;
using HilRig.Model.Runs;
using HilRig.Server.Storage;
using NUnit.Framework;

namespace HilRig.Tests.Server.Faults;

/// <summary>The checker: what a database holds against what the agents had; nothing lost, nothing doubled, each run in its order.</summary>
internal static class StoredHistory
{
    /// <summary>Every run to its end, and no other run. Bodies are compared, and numbers; the times are the agents' own clocks'.</summary>
    public static async Task CheckAsync(IDatabase database, IReadOnlyDictionary<string, IReadOnlyList<RunEvent>> model)
    {
        var store = new RunStore(database);
        foreach (var (runId, expected) in model)
            Same(await store.ReadEventsAsync(runId, 0, int.MaxValue, default), expected, runId);
        Assert.That(await store.ListRunsAsync(int.MaxValue, default), Has.Count.EqualTo(model.Count));
        await CheckProjectionsAsync(database);
    }

    /// <summary>These events and no others, in this order.</summary>
    public static void Same(IReadOnlyList<RunEvent> stored, IReadOnlyList<RunEvent> expected, string runId)
    {
        Assert.That(stored.Select(runEvent => runEvent.Number), Is.EqualTo(Enumerable.Range(1, expected.Count)), $"{runId}: numbers");
        for (var index = 0; index < expected.Count; index++)
            Assert.That(StoredText.ToJson(stored[index].Body), Is.EqualTo(StoredText.ToJson(expected[index].Body)), $"{runId}: event {index + 1}");
    }

    /// <summary>Summaries, cycles and samples are what the stored events say.</summary>
    public static async Task CheckProjectionsAsync(IDatabase database)
    {
        var before = await ProjectionsAsync(database);
        await new Projections(database).RebuildAsync(default);
        Assert.That(await ProjectionsAsync(database), Is.EqualTo(before), "projections are what the events say");
    }

    private static async Task<List<string>> ProjectionsAsync(IDatabase database)
    {
        var store = new RunStore(database);
        var found = (await store.ListRunsAsync(int.MaxValue, default)).Select(StoredText.ToJson).ToList();
        await foreach (var sample in store.ReadSamplesAsync(null, 0, default))
            found.Add(StoredText.ToJson(sample));
        await using var reader = await database.OpenReaderAsync(default);
        found.AddRange((await reader.QueryAsync("SELECT * FROM cycle ORDER BY run_key, cycle")).Select(row => StoredText.ToJson((object)row)));
        found.AddRange((await reader.QueryAsync("SELECT * FROM tally ORDER BY release, place, what, layer")).Select(row => StoredText.ToJson((object)row)));
        return found;
    }
}
