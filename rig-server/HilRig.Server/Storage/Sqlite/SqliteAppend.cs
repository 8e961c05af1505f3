using Dapper;
using HilRig.Analysis.Flags;
using HilRig.Model.Rig;
using HilRig.Model.Runs;
using Microsoft.Data.Sqlite;

namespace HilRig.Server.Storage.Sqlite;

/// <summary>One write transaction's worth of batches: decides what of each is new, and stores it with its projections.</summary>
public sealed class SqliteAppend(SqliteConnection connection, SqliteTransaction transaction, SqliteEventRows rows)
{
    private sealed record StoredRun(long RunKey, long Position, string Summary);

    private sealed record Holder(string Place, long Epoch, string State, long LeaseEpoch);

    public AppendResult Append(EventBatch batch)
    {
        var run = connection.QuerySingleOrDefault<StoredRun>(
            "SELECT run_key RunKey, position Position, summary Summary FROM run WHERE run_id = @RunId", batch, transaction);
        var position = run?.Position ?? 0;
        var holder = FindHolder(batch.RunId);
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
        return Store(fresh, fold.ToSummary(), run?.RunKey, holder);
    }

    private AppendResult Store(List<RunEvent> fresh, RunSummary summary, long? runKey, Holder? holder)
    {
        var key = runKey ?? InsertRun(summary);
        var samples = new List<StepSample>();
        foreach (var runEvent in fresh)
        {
            rows.Insert(key, runEvent);
            if (runEvent.Body is not StepEnded step || SampleReader.ToSample(summary.Started, runEvent, step) is not { } sample)
                continue;
            rows.Insert(key, sample);
            samples.Add(sample);
        }
        connection.Execute(
            "UPDATE run SET position = @Position, summary = @Summary WHERE run_key = @key",
            new { Position = summary.LastNumber, Summary = StoredText.ToJson(summary), key }, transaction);
        if (holder is not null)
            KeepLease(summary, holder);
        return new AppendResult(summary.LastNumber, samples, summary.Ended is not null, null);
    }

    private long InsertRun(RunSummary summary) => connection.ExecuteScalar<long>(
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
    private void KeepLease(RunSummary summary, Holder holder)
    {
        var ended = summary.Ended is not null;
        if (!ended && holder.State == "leased")
            return;
        connection.Execute(
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

    private Holder? FindHolder(string runId) => connection.QuerySingleOrDefault<Holder>(
        """
        SELECT o.place Place, o.epoch Epoch, o.state State, coalesce(l.epoch, 0) LeaseEpoch
        FROM run_order o LEFT JOIN lease l ON l.place = o.place WHERE o.run_id = @runId
        """,
        new { runId }, transaction);

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
        return holder.State is "lost" or "cancelled" && holder.LeaseEpoch > holder.Epoch
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
