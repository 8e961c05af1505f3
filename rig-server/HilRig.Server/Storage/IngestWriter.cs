using System.Threading.Channels;
using HilRig.Model.Rig;
using HilRig.Server.Feed;
using HilRig.Server.Judging;
using HilRig.Server.Operations;

namespace HilRig.Server.Storage;

/// <summary>
/// The only one that appends events. Batches of all agents wait in a bounded channel and go to disk together,
/// so that the price of a commit is shared; a full channel makes the agents wait.
/// </summary>
public sealed class IngestWriter(IDatabase database, IRunStore store, FlagBook flags, RunFeed feed, RigMeters meters, DiskRoom room, TimeProvider time, ILogger<IngestWriter> log) : BackgroundService
{
    private const int WaitingBatches = 256;
    private const int EventsInTransaction = 5000;

    private sealed record Waiting(EventBatch Batch, TaskCompletionSource<AppendResult> Done);

    private readonly Channel<Waiting> channel = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(WaitingBatches) { SingleReader = true });

    /// <summary>Returns when the batch is on disk. Throws what the disk threw; the agent then sends again.</summary>
    public async Task<AppendResult> AppendAsync(EventBatch batch, CancellationToken cancellationToken)
    {
        var waiting = new Waiting(batch, new TaskCompletionSource<AppendResult>(TaskCreationOptions.RunContinuationsAsynchronously));
        await channel.Writer.WriteAsync(waiting, cancellationToken);
        return await waiting.Done.Task.WaitAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await channel.Reader.WaitToReadAsync(stoppingToken))
                await WriteAsync(TakeWaiting());
        }
        finally
        {
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

    private async Task WriteAsync(List<Waiting> group)
    {
        try
        {
            using var activity = RigMeters.Source.StartActivity("store events");
            var started = time.GetTimestamp();
            // A stopping server finishes the transaction it is in: no token.
            var results = await store.AppendAsync([.. group.Select(waiting => waiting.Batch)], CancellationToken.None);
            room.Note(null);
            meters.Stored(group.Zip(results).Sum(pair => pair.Second.Stored), time.GetElapsedTime(started));
            foreach (var (waiting, result) in group.Zip(results))
            {
                if (result.Refusal is not null)
                    meters.Refused();
                // On a shared database an agent may come from another server, whose samples are to be counted before: FanOut reads both.
                if (!database.IsShared)
                    flags.Add(result.Samples);
                waiting.Done.SetResult(result);
            }
            feed.Ping(group.Select(waiting => waiting.Batch.RunId));
        }
        catch (Exception exception)
        {
            Log.EventsNotStored(log, group.Count, exception);
            room.Note(exception.Message);
            foreach (var waiting in group)
                waiting.Done.TrySetException(exception);
        }
    }
}
