using HilRig.Agent.Running;
using HilRig.Model.Rig;
using HilRig.Model.Runs;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging;

namespace HilRig.Agent.Hub;

/// <summary>Puts one batch on its way; returns a task for the number up to which the server then holds the run.</summary>
public delegate Task<Task<long>> SendBatch(EventBatch batch, CancellationToken cancellationToken);

/// <summary>Sends journals to the server in batches, several at once; goes on where the server's acknowledgement ends.</summary>
public sealed class EventSender(JournalShelf shelf, ILogger log) : IDisposable
{
    /// <summary>Enough that what a message costs is little beside its events.</summary>
    public const int MaxBatchEvents = 250;

    /// <summary>Below the server's message limit with room for the envelope, in bytes of JSON.</summary>
    private const int MaxBatchBytes = 400_000;

    private readonly Dictionary<string, long> acknowledged = [];
    private readonly HashSet<string> refused = [];
    private readonly SemaphoreSlim wake = new(0);

    /// <summary>Events on this disk that no server has acknowledged, as far as this connection knows.</summary>
    public long Waiting
    {
        get
        {
            lock (acknowledged)
                return shelf.Positions().Sum(position => position.Number - acknowledged.GetValueOrDefault(position.RunId));
        }
    }

    /// <summary>Call when a journal has grown.</summary>
    public void Wake() => wake.Release();

    /// <summary>Sends for as long as the connection lives; throws when it does not.</summary>
    /// <param name="window">Batches that may be without an answer at once.</param>
    public async Task SendAsync(SendBatch send, int window, IReadOnlyList<RunPosition> serverPositions, CancellationToken cancellationToken)
    {
        refused.Clear();
        lock (acknowledged)
        {
            acknowledged.Clear();
            foreach (var position in serverPositions)
                acknowledged[position.RunId] = position.Number;
        }
        while (true)
        {
            foreach (var journal in shelf.All().Where(journal => !refused.Contains(journal.RunId)))
                await DrainOrSetAsideAsync(journal, send, window, cancellationToken);
            await wake.WaitAsync(TimeSpan.FromSeconds(5), cancellationToken);
            while (wake.Wait(0, CancellationToken.None))
            {
                // Any number of wake-ups is one reason to look.
            }
        }
    }

    public void Dispose() => wake.Dispose();

    /// <summary>A run that the server refuses in words is set aside until the next connection: it must not hold up the others.</summary>
    private async Task DrainOrSetAsideAsync(RunJournal journal, SendBatch send, int window, CancellationToken cancellationToken)
    {
        var underWay = new Queue<(long From, long To, Task<long> Answer)>();
        try
        {
            await DrainAsync(journal, send, window, underWay, cancellationToken);
        }
        catch (HubException exception)
        {
            refused.Add(journal.RunId);
            Log.EventsRefused(log, journal.RunId, exception.Message);
        }
        finally
        {
            await SettleAsync(underWay, cancellationToken);
        }
    }

    private async Task DrainAsync(RunJournal journal, SendBatch send, int window, Queue<(long From, long To, Task<long> Answer)> underWay, CancellationToken cancellationToken)
    {
        var runId = journal.RunId;
        var sent = acknowledged.GetValueOrDefault(runId);
        while (true)
        {
            while (underWay.Count < window && journal.ReadAfter(sent, MaxBatchEvents, MaxBatchBytes) is { Count: > 0 } events)
            {
                var answer = await send(new EventBatch(runId, journal.Epoch, events), cancellationToken).WaitAsync(Policies.AppendDeadline, cancellationToken);
                underWay.Enqueue((sent, events[^1].Number, answer));
                sent = events[^1].Number;
            }
            if (!underWay.TryPeek(out var oldest))
                break;
            var number = await oldest.Answer.WaitAsync(Policies.AppendDeadline, cancellationToken);
            underWay.Dequeue();
            if (number <= oldest.From)
                throw new IOException($"the server acknowledged event {number} of {runId} after it held {oldest.From}");
            lock (acknowledged)
                acknowledged[runId] = number;
            if (number < oldest.To)
            {
                // What went out behind a batch that was not taken whole is of no use.
                await SettleAsync(underWay, cancellationToken);
                sent = number;
            }
        }
        if (journal.HasEnded && acknowledged.GetValueOrDefault(runId) == journal.LastNumber)
            shelf.Retire(runId);
    }

    /// <summary>Waits for answers that nobody needs any more: the next batch is sent when none is under way.</summary>
    private static async Task SettleAsync(Queue<(long From, long To, Task<long> Answer)> underWay, CancellationToken cancellationToken)
    {
        while (underWay.TryDequeue(out var one))
            await ((Task)one.Answer.WaitAsync(Policies.AppendDeadline, cancellationToken)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
