using System.Data.Common;
using Dapper;
using HilRig.Model.Runs;
using HilRig.Server.Webhooks;

namespace HilRig.Server.Storage;

/// <summary>
/// One write transaction's worth of batches, of any runs: what the database holds of them is read once, what is new is decided in memory and
/// written at once. So the price of a statement is shared as that of the commit is.
/// </summary>
public sealed class GroupAppend(IDatabase database, DbTransaction transaction)
{
    private readonly DbConnection connection = transaction.Connection!;

    private sealed record StoredRun(string RunId, long RunKey, string Summary);

    private sealed record HeldOrder(string RunId, string Place, long Epoch, string State, string? RerunOf);

    private sealed record Lease(string Place, long Epoch);

    public async Task<IReadOnlyList<AppendResult>> AppendAsync(IReadOnlyList<PreparedBatch> batches)
    {
        var drafts = await LoadAsync([.. batches.Select(batch => batch.RunId).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);
        var results = batches.Select(batch => drafts[batch.RunId].Take(batch)).ToList();
        var changed = drafts.Values.Where(draft => draft.HasChanged).ToList();
        if (changed.Count == 0)
            return results;
        var fresh = changed.Where(draft => draft.RunKey is null).ToHashSet();
        foreach (var draft in fresh)
            draft.RunKey = await InsertRunAsync(draft.Summary);
        var all = changed.Select(draft => draft.ToRows()).ToList();
        using (var rows = database.BeginRows(transaction))
        {
            await rows.InsertEventsAsync(all);
            await rows.InsertProjectionsAsync(all);
            await rows.SaveRunsAsync([.. changed.Select(draft => (draft.RunKey!.Value, draft.Summary))]);
        }
        await ReleaseTally.AddAsync(
            transaction,
            changed.Zip(all).Where(pair => pair.First.CountsForItsRelease).SelectMany(pair => ReleaseTally.Of(pair.First.Summary, fresh.Contains(pair.First), pair.Second)));
        foreach (var draft in changed)
        {
            await KeepLeaseAsync(draft);
            await AnnounceAsync(draft.Summary);
        }
        return results;
    }

    private async Task<Dictionary<string, RunDraft>> LoadAsync(List<string> runIds)
    {
        await using var found = await connection.QueryMultipleAsync(
            $"""
            {database.LockRuns("@ids")};
            SELECT run_id AS RunId, run_key AS RunKey, summary AS Summary FROM run WHERE run_id {database.Among("@ids")};
            SELECT run_id AS RunId, place AS Place, epoch AS Epoch, state AS State, rerun_of AS RerunOf FROM run_order WHERE run_id {database.Among("@ids")} ORDER BY run_id{database.ForUpdate}
            """,
            new { ids = StoredText.ToJson(runIds) }, transaction);
        await found.ReadAsync();
        var runs = (await found.ReadAsync<StoredRun>()).ToDictionary(run => run.RunId);
        var holders = await FindHoldersAsync((await found.ReadAsync<HeldOrder>()).AsList());
        return runIds.ToDictionary(runId => runId, runId =>
        {
            var run = runs.GetValueOrDefault(runId);
            return new RunDraft(runId, run?.RunKey, run is null ? null : StoredText.FromJson<RunSummary>(run.Summary), holders.GetValueOrDefault(runId));
        });
    }

    /// <summary>The orders' rows were locked before the leases', as everywhere, each in the order of their names.</summary>
    private async Task<Dictionary<string, RunHolder>> FindHoldersAsync(List<HeldOrder> orders)
    {
        if (orders.Count == 0)
            return [];
        var places = StoredText.ToJson(orders.Select(order => order.Place).Distinct());
        var leases = (await connection.QueryAsync<Lease>(
            $"SELECT place AS Place, epoch AS Epoch FROM lease WHERE place {database.Among("@places")} ORDER BY place{database.ForUpdate}",
            new { places }, transaction)).ToDictionary(lease => lease.Place, lease => lease.Epoch);
        return orders.ToDictionary(order => order.RunId, order => new RunHolder(order.Place, order.Epoch, order.State, leases.GetValueOrDefault(order.Place), order.RerunOf is not null));
    }

    private Task<long> InsertRunAsync(RunSummary summary) => connection.ExecuteScalarAsync<long>(
        """
        INSERT INTO run (run_id, place, agent, sequence, revision, release, started_ns, position, summary)
        VALUES (@RunId, @Place, @Agent, @Sequence, @Revision, @Release, @Started, 0, '') RETURNING run_key
        """,
        new
        {
            summary.RunId,
            Place = StoredText.ToColumn(summary.Started.Place),
            Agent = StoredText.ToColumn(summary.Started.Agent),
            Sequence = StoredText.ToColumn(summary.Started.Sequence),
            Revision = StoredText.ToColumn(summary.Started.SequenceDigest),
            Release = StoredText.ToColumn(summary.Started.Release),
            Started = StoredText.ToNanoseconds(summary.StartedAt),
        },
        transaction);

    /// <summary>A board that did not come back needs hands, tonight.</summary>
    private Task AnnounceAsync(RunSummary summary) => summary.Ended is { Reason: EndReason.BoardWedged } wedged
        ? new Announcement(Announcement.BoardWedged, $"run:{summary.RunId}", $"{summary.Started.Place}: {wedged.Message}", summary).WriteAsync(transaction, summary.LastEventAt)
        : Task.CompletedTask;

    /// <summary>A run that ended frees its place; one that was given up and speaks again while nobody else has the place holds it again.</summary>
    private async Task KeepLeaseAsync(RunDraft draft)
    {
        if (draft.Holder is not { } holder)
            return;
        var summary = draft.Summary;
        var ended = summary.Ended is not null;
        if (!ended && holder.State == "leased")
            return;
        await connection.ExecuteAsync(
            """
            UPDATE run_order SET state = @State, closed_ns = @Closed, closed_because = NULL WHERE run_id = @RunId;
            UPDATE lease SET run_id = @HeldBy WHERE place = @Place AND epoch = @Epoch;
            """,
            new
            {
                summary.RunId,
                State = ended ? "ended" : "leased",
                Closed = ended ? StoredText.ToNanoseconds(summary.LastEventAt) : (long?)null,
                HeldBy = ended ? null : summary.RunId,
                holder.Place,
                holder.Epoch,
            },
            transaction);
    }
}
