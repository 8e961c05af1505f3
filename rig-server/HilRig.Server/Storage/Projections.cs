using System.Data.Common;
using Dapper;
using HilRig.Model.Runs;

namespace HilRig.Server.Storage;

/// <summary>What is computed from events and kept for queries: summaries, cycles, samples, fingerprints. It can be computed again.</summary>
public sealed class Projections(IDatabase database)
{
    private const int EventsAtOnce = 1000;

    private sealed record StoredRun(long RunKey, string RunId);

    private sealed record StoredEvent(long Number, long At, string Body);

    /// <summary>Throws every projection away whose events are there and computes it from them, all or nothing; answers how many runs and events there were.</summary>
    public Task<(int Runs, long Events)> RebuildAsync(CancellationToken cancellationToken) => database.WriteAsync(
        async transaction =>
        {
            var connection = transaction.Connection!;
            var runs = (await connection.QueryAsync<StoredRun>("SELECT run_key AS RunKey, run_id AS RunId FROM run WHERE trimmed_ns IS NULL ORDER BY run_key", transaction: transaction)).AsList();
            await connection.ExecuteAsync(database.LockRuns("@ids"), new { ids = StoredText.ToJson(runs.Select(run => run.RunId).Order(StringComparer.Ordinal)) }, transaction);
            await connection.ExecuteAsync(
                """
                DELETE FROM step WHERE run_key IN (SELECT run_key FROM run WHERE trimmed_ns IS NULL);
                DELETE FROM cycle WHERE run_key IN (SELECT run_key FROM run WHERE trimmed_ns IS NULL);
                DELETE FROM blame WHERE run_key IN (SELECT run_key FROM run WHERE trimmed_ns IS NULL)
                """,
                transaction: transaction);
            using var rows = database.BeginRows(transaction);
            var events = 0L;
            foreach (var run in runs)
                events += await RebuildAsync(run, transaction, rows, cancellationToken);
            await ReleaseTally.RebuildAsync(transaction);
            return (runs.Count, events);
        },
        cancellationToken);

    private static async Task<long> RebuildAsync(StoredRun run, DbTransaction transaction, IEventRows rows, CancellationToken cancellationToken)
    {
        var fold = new RunFold();
        while (await ReadAsync(run, fold.LastNumber, transaction) is { Count: > 0 } events)
        {
            cancellationToken.ThrowIfCancellationRequested();
            events.ForEach(fold.Apply);
            var prepared = events.ConvertAll(EventRow.Of);
            var started = fold.ToSummary().Started;
            await rows.InsertProjectionsAsync([new RunRows(run.RunKey, prepared, [.. prepared.Select(row => SampleRow.Of(started, row)).OfType<SampleRow>()])]);
        }
        await rows.SaveRunsAsync([(run.RunKey, fold.ToSummary())]);
        return fold.LastNumber;
    }

    private static async Task<List<RunEvent>> ReadAsync(StoredRun run, long after, DbTransaction transaction)
    {
        var rows = await transaction.Connection!.QueryAsync<StoredEvent>(
            $"SELECT number AS Number, at_ns AS At, body AS Body FROM event WHERE run_key = @RunKey AND number > @after ORDER BY number LIMIT {EventsAtOnce}",
            new { run.RunKey, after }, transaction);
        return [.. rows.Select(row => new RunEvent(run.RunId, row.Number, StoredText.ToTime(row.At), StoredText.FromJson<RunEventBody>(row.Body)))];
    }
}
