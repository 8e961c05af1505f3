using System.Threading.Channels;
using HilRig.Model.Rig;
using HilRig.Server.Feed;
using HilRig.Server.Judging;
using HilRig.Server.Operations;

namespace HilRig.Server.Storage;

/// <summary>
/// The only one that appends events. Batches of all agents wait in a bounded channel and go to disk together: while one group commits, the next
/// gathers, so that the price of a commit is shared by all that waited for it. A full channel makes the agents wait.
/// </summary>
public sealed class IngestWriter(IRunStore store, FlagBook flags, RunFeed feed, RigMeters meters, DiskRoom room, TimeProvider time, ILogger<IngestWriter> log) : BackgroundService
{
    private const int WaitingBatches = 256;
    private const int EventsInTransaction = 5000;

    private sealed record Waiting(PreparedBatch Batch, TaskCompletionSource<AppendResult> Done);

    private sealed record Stored(List<Waiting> Group, IReadOnlyList<AppendResult> Results);

    private readonly Channel<Waiting> channel = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(WaitingBatches) { SingleReader = true });

    /// <summary>Returns when the batch is on disk. Throws what the disk threw; the agent then sends again.</summary>
    public async Task<AppendResult> AppendAsync(PreparedBatch batch, CancellationToken cancellationToken) =>
        await (await EnqueueAsync(batch, cancellationToken)).WaitAsync(cancellationToken);

    /// <inheritdoc cref="AppendAsync(PreparedBatch, CancellationToken)"/>
    public Task<AppendResult> AppendAsync(EventBatch batch, CancellationToken cancellationToken) => AppendAsync(PreparedBatch.Of(batch), cancellationToken);

    /// <summary>Returns when the batch has its turn, and a task that ends when it is on disk. Batches go to disk in the order of their turns.</summary>
    public async Task<Task<AppendResult>> EnqueueAsync(PreparedBatch batch, CancellationToken cancellationToken)
    {
        var waiting = new Waiting(batch, new TaskCompletionSource<AppendResult>(TaskCreationOptions.RunContinuationsAsynchronously));
        await channel.Writer.WriteAsync(waiting, cancellationToken);
        return waiting.Done.Task;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // One group is judged and answered while the next is on its way to the disk; answers keep the order of the groups.
        var answering = Task.CompletedTask;
        try
        {
            while (await channel.Reader.WaitToReadAsync(stoppingToken))
            {
                foreach (var stored in await StoreAsync(TakeWaiting()))
                {
                    await answering;
                    answering = Task.Run(() => AnswerAsync(stored), CancellationToken.None);
                }
            }
        }
        finally
        {
            await answering;
            channel.Writer.TryComplete();
            while (channel.Reader.TryRead(out var left))
                left.Done.TrySetCanceled(CancellationToken.None);
        }
    }

    private List<Waiting> TakeWaiting()
    {
        var group = new List<Waiting>();
        var events = 0;
        while (events < EventsInTransaction && channel.Reader.TryRead(out var waiting))
        {
            group.Add(waiting);
            events += waiting.Batch.Events.Count;
        }
        return group;
    }

    /// <summary>What is on disk afterwards; who is not among them has been told why.</summary>
    private async Task<IReadOnlyList<Stored>> StoreAsync(List<Waiting> group)
    {
        try
        {
            using var activity = RigMeters.Source.StartActivity("store events");
            var started = time.GetTimestamp();
            // A stopping server finishes the transaction it is in: no token.
            var results = await store.AppendAsync([.. group.Select(waiting => waiting.Batch)], CancellationToken.None);
            room.Note(null);
            meters.Stored(results.Sum(result => result.Position - result.From), time.GetElapsedTime(started));
            return [new Stored(group, results)];
        }
        catch (Exception exception) when (group.Count > 1 && StorageFailure.IsOfData(exception))
        {
            // One that the database does not take must not hold up the others for ever: each on its own then.
            Log.GroupSplit(log, group.Count, exception.Message);
            var parts = new List<Stored>();
            foreach (var waiting in group)
                parts.AddRange(await StoreAsync([waiting]));
            return parts;
        }
        catch (Exception exception)
        {
            // Rows that the database does not take say nothing of the disk.
            if (!StorageFailure.IsOfData(exception))
                room.Note(exception.Message);
            Refuse(group, exception);
            return [];
        }
    }

    private void Refuse(List<Waiting> group, Exception exception)
    {
        Log.EventsNotStored(log, group.Count, exception);
        foreach (var waiting in group)
            waiting.Done.TrySetException(exception);
    }

    private async Task AnswerAsync(Stored stored)
    {
        try
        {
            await JudgeAsync(stored);
        }
        catch (Exception exception)
        {
            // They are on disk; the agent sends again and hears so.
            Refuse(stored.Group, exception);
            return;
        }
        foreach (var (waiting, result) in stored.Group.Zip(stored.Results))
            waiting.Done.TrySetResult(result);
        feed.Ping(stored.Group.Select(waiting => waiting.Batch.RunId));
    }

    private async Task JudgeAsync(Stored stored)
    {
        var missed = new List<string>();
        foreach (var (waiting, result) in stored.Group.Zip(stored.Results))
        {
            if (result.Refusal is not null)
                meters.Refused();
            if (!flags.TryAdd(waiting.Batch.RunId, result.From, result.Position, result.Samples))
                missed.Add(waiting.Batch.RunId);
        }
        // An agent that came from another server, whose events the book may not know yet.
        if (missed.Count > 0)
            await flags.CatchUpAsync(store, [.. missed.Distinct(StringComparer.Ordinal)], CancellationToken.None);
    }
}
