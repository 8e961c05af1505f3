using HilRig.Model.Runs;

namespace HilRig.Server.Storage;

/// <summary>
/// A run inside one transaction: what was stored of it, who holds its place, and what the transaction adds. Decides what of a batch is new;
/// nothing here touches the database.
/// </summary>
/// <param name="RunKey">Null for a run never heard of.</param>
/// <param name="Stored">The fold of what is stored; null for a run never heard of.</param>
/// <param name="Holder">Null for a run that this server never ordered.</param>
public sealed class RunDraft(string runId, long? runKey, RunSummary? stored, RunHolder? holder)
{
    private readonly RunFold fold = stored is null ? new RunFold() : RunFold.Resume(stored);
    private readonly List<EventRow> events = [];
    private readonly List<SampleRow> samples = [];
    private RunStarted? started = stored?.Started;
    private bool ended = stored?.Ended is not null;
    private RunSummary? summary;

    public long? RunKey { get; set; } = runKey;

    public RunHolder? Holder => holder;

    public bool HasChanged => events.Count > 0;

    /// <summary>False where its cycles say nothing of how often the release fails.</summary>
    public bool CountsForItsRelease => Holder is not { IsRerun: true } && !InvestigationRun.IsTry(runId);

    /// <summary>As of everything taken so far.</summary>
    public RunSummary Summary => summary ??= fold.ToSummary();

    public RunRows ToRows() => new(RunKey!.Value, events, samples);

    /// <summary>Takes what continues the run without a gap; events held already are passed over. A refused batch leaves no trace.</summary>
    public AppendResult Take(PreparedBatch batch)
    {
        var position = fold.LastNumber;
        if (RefusalOf(batch) is { } refusal)
            return AppendResult.Refused(position, refusal);
        var fresh = Continuation(batch.Events, position);
        if (fresh.Count == 0)
            return new AppendResult(position, position, [], null);
        if (RefusalOf(fresh, position) is { } second)
            return AppendResult.Refused(position, second);
        started ??= (RunStarted)fresh[0].Event.Body;
        var found = new List<SampleRow>();
        summary = null;
        foreach (var row in fresh)
        {
            fold.Apply(row.Event);
            if (SampleRow.Of(started, row) is { } sample)
                found.Add(sample);
        }
        ended = fresh[^1].Event.Body is RunEnded;
        events.AddRange(fresh);
        samples.AddRange(found);
        return new AppendResult(position, fold.LastNumber, [.. found.Select(row => row.Sample)], null, ended ? started.Place : null);
    }

    /// <summary>
    /// Fences holders that were given up. A run that this server never ordered has no lease to be fenced by: an agent brings back
    /// what another server lost. Epoch 0 is an agent's that was killed and knows the run from its disk alone: it may go on
    /// for as long as nobody else was given the place.
    /// </summary>
    private string? RefusalOf(PreparedBatch batch)
    {
        if (batch.Events.FirstOrDefault(row => row.Event.RunId != runId) is { } stray)
            return $"run {runId}: event {stray.Event.Number} belongs to {stray.Event.RunId}; a batch is of one run";
        if (holder is null)
            return null;
        if (batch.Epoch != 0 && batch.Epoch != holder.Epoch)
            return $"run {runId}: epoch {batch.Epoch} is stale, the order's is {holder.Epoch}; nothing was stored";
        return holder.WasGivenUp && holder.LeaseEpoch > holder.Epoch
            ? $"run {runId}: epoch {batch.Epoch} is stale, {holder.Place} was given to another run (epoch {holder.LeaseEpoch}) when this one was {holder.State}; nothing was stored"
            : null;
    }

    private string? RefusalOf(List<EventRow> fresh, long position)
    {
        if (ended)
            return $"run {runId}: it ended with event {position}; event {fresh[0].Event.Number} comes after its end";
        if (started is null && fresh[0].Event.Body is not RunStarted)
            return $"run {runId}: the first event is {fresh[0].Event.Body.GetType().Name}, expected RunStarted";
        var place = (started ?? (RunStarted)fresh[0].Event.Body).Place;
        // The epoch alone does not tell an order that moved to another place from itself: each place counts its own.
        if (holder is not null && place != holder.Place)
            return $"run {runId}: it was given to {holder.Place}, these events are of {place}; nothing was stored";
        var end = fresh.FindIndex(row => row.Event.Body is RunEnded);
        return end >= 0 && end < fresh.Count - 1
            ? $"run {runId}: it ends with event {fresh[end].Event.Number}; event {fresh[end + 1].Event.Number} comes after its end"
            : null;
    }

    private static List<EventRow> Continuation(IReadOnlyList<EventRow> rows, long position)
    {
        var fresh = new List<EventRow>(rows.Count);
        foreach (var row in rows)
        {
            if (row.Event.Number == position + fresh.Count + 1)
                fresh.Add(row);
        }
        return fresh;
    }
}

/// <summary>The order that a run was given by, and where its place's lease stands by now.</summary>
/// <param name="State">queued, leased, ended, lost, cancelled.</param>
/// <param name="IsRerun">It repeats a cycle that failed.</param>
public sealed record RunHolder(string Place, long Epoch, string State, long LeaseEpoch, bool IsRerun = false)
{
    public bool WasGivenUp => State is "lost" or "cancelled" || (State == "queued" && Epoch > 0);
}
