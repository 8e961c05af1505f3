using System.Data.Common;
using Dapper;
using HilRig.Model.Rig;
using HilRig.Model.Runs;

namespace HilRig.Server.Storage;

/// <summary>One write transaction's worth of batches: decides what of each is new, and stores it with its projections.</summary>
public sealed class EventAppend(IDatabase database, DbTransaction transaction, IEventRows rows)
{
    private readonly DbConnection connection = transaction.Connection!;

    private sealed record StoredRun(long RunKey, long Position, string Summary);

    private sealed record HeldOrder(string Place, long Epoch, string State);

    private sealed record Holder(string Place, long Epoch, string State, long LeaseEpoch);

    public async Task<AppendResult> AppendAsync(EventBatch batch)
    {
        var run = await connection.QuerySingleOrDefaultAsync<StoredRun>(
            "SELECT run_key AS RunKey, position AS Position, summary AS Summary FROM run WHERE run_id = @RunId", batch, transaction);
        var position = run?.Position ?? 0;
        var holder = await FindHolderAsync(batch.RunId);
        if (RefusalOf(batch, holder) is { } refusal)
            return new AppendResult(position, [], false, refusal);

        var fresh = Continuation(batch.Events, position);
        if (fresh.Count == 0)
            return new AppendResult(position, [], false, null);
        var summary = run is null ? null : StoredText.FromJson<RunSummary>(run.Summary);
        if (summary?.Ended is not null)
            return new AppendResult(position, [], false, $"run {batch.RunId}: it ended with event {position}; event {fresh[0].Number} comes after its end");

        var fold = summary is null ? new RunFold() : RunFold.Resume(summary);
        try
        {
            fresh.ForEach(fold.Apply);
        }
        catch (InvalidDataException exception)
        {
            return new AppendResult(position, [], false, exception.Message);
        }
        var folded = fold.ToSummary();
        // The epoch alone does not tell an order that moved to another place from itself: each place counts its own.
        if (holder is not null && folded.Started.Place != holder.Place)
            return new AppendResult(position, [], false, $"run {batch.RunId}: it was given to {holder.Place}, these events are of {folded.Started.Place}; nothing was stored");
        return await StoreAsync(fresh, folded, run?.RunKey, holder);
    }

    private async Task<AppendResult> StoreAsync(List<RunEvent> fresh, RunSummary summary, long? runKey, Holder? holder)
    {
        var key = runKey ?? await InsertRunAsync(summary);
        var samples = Projections.SamplesOf(summary.Started, fresh);
        await rows.InsertEventsAsync(key, fresh);
        await rows.InsertProjectionsAsync(key, fresh, samples);
        await connection.ExecuteAsync(
            "UPDATE run SET position = @Position, summary = @Summary WHERE run_key = @key",
            new { Position = summary.LastNumber, Summary = StoredText.ToJson(summary), key }, transaction);
        if (holder is not null)
            await KeepLeaseAsync(summary, holder);
        return new AppendResult(summary.LastNumber, samples, summary.Ended is not null, null, fresh.Count);
    }

    private Task<long> InsertRunAsync(RunSummary summary) => connection.ExecuteScalarAsync<long>(
        """
        INSERT INTO run (run_id, place, agent, sequence, release, started_ns, position, summary)
        VALUES (@RunId, @Place, @Agent, @Sequence, @Release, @Started, 0, '') RETURNING run_key
        """,
        new
        {
            summary.RunId,
            summary.Started.Place,
            summary.Started.Agent,
            summary.Started.Sequence,
            summary.Started.Release,
            Started = StoredText.ToNanoseconds(summary.StartedAt),
        },
        transaction);

    /// <summary>A run that ended frees its place; one that was given up and speaks again while nobody else has the place holds it again.</summary>
    private async Task KeepLeaseAsync(RunSummary summary, Holder holder)
    {
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

    /// <summary>The order's row is locked before the lease's, as everywhere.</summary>
    private async Task<Holder?> FindHolderAsync(string runId)
    {
        var order = await connection.QuerySingleOrDefaultAsync<HeldOrder>(
            $"SELECT place AS Place, epoch AS Epoch, state AS State FROM run_order WHERE run_id = @runId{database.ForUpdate}", new { runId }, transaction);
        if (order is null)
            return null;
        var lease = await connection.ExecuteScalarAsync<long?>($"SELECT epoch FROM lease WHERE place = @Place{database.ForUpdate}", order, transaction);
        return new Holder(order.Place, order.Epoch, order.State, lease ?? 0);
    }

    /// <summary>
    /// Fences holders that were given up. A run that this server never ordered has no lease to be fenced by: an agent brings back
    /// what another server lost. Epoch 0 is an agent's that was killed and knows the run from its disk alone: it may go on
    /// for as long as nobody else was given the place.
    /// </summary>
    private static string? RefusalOf(EventBatch batch, Holder? holder)
    {
        if (batch.Events.FirstOrDefault(runEvent => runEvent.RunId != batch.RunId) is { } stray)
            return $"run {batch.RunId}: event {stray.Number} belongs to {stray.RunId}; a batch is of one run";
        if (holder is null)
            return null;
        if (batch.Epoch != 0 && batch.Epoch != holder.Epoch)
            return $"run {batch.RunId}: epoch {batch.Epoch} is stale, the order's is {holder.Epoch}; nothing was stored";
        return (holder.State is "lost" or "cancelled" || (holder.State == "queued" && holder.Epoch > 0)) && holder.LeaseEpoch > holder.Epoch
            ? $"run {batch.RunId}: epoch {batch.Epoch} is stale, {holder.Place} was given to another run (epoch {holder.LeaseEpoch}) when this one was {holder.State}; nothing was stored"
            : null;
    }

    private static List<RunEvent> Continuation(IReadOnlyList<RunEvent> events, long position)
    {
        var fresh = new List<RunEvent>(events.Count);
        foreach (var runEvent in events.OrderBy(candidate => candidate.Number))
        {
            if (runEvent.Number == position + fresh.Count + 1)
                fresh.Add(runEvent);
        }
        return fresh;
    }
}
