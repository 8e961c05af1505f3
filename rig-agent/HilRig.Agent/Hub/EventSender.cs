using System.Text.Json;
using HilRig.Agent.Running;
using HilRig.Model.Rig;
using HilRig.Model.Runs;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging;

namespace HilRig.Agent.Hub;

/// <summary>Sends journals to the server in batches; goes on where the server's acknowledgement ends.</summary>
public sealed class EventSender(JournalShelf shelf, ILogger log) : IDisposable
{
    private const int MaxBatchEvents = 100;

    /// <summary>Below the server's message limit with room for the envelope, in characters of JSON.</summary>
    private const int MaxBatchCharacters = 400_000;

    private readonly Dictionary<string, long> acknowledged = [];
    private readonly HashSet<string> refused = [];
    private readonly SemaphoreSlim wake = new(0);

    /// <summary>Call when a journal has grown.</summary>
    public void Wake() => wake.Release();

    /// <summary>Sends for as long as the connection lives; throws when it does not.</summary>
    public async Task SendAsync(Func<EventBatch, Task<long>> append, IReadOnlyList<RunPosition> serverPositions, CancellationToken cancellationToken)
    {
        acknowledged.Clear();
        refused.Clear();
        foreach (var position in serverPositions)
            acknowledged[position.RunId] = position.Number;
        while (true)
        {
            foreach (var journal in shelf.All().Where(journal => !refused.Contains(journal.RunId)))
                await DrainOrSetAsideAsync(journal, append, cancellationToken);
            await wake.WaitAsync(TimeSpan.FromSeconds(5), cancellationToken);
            while (wake.Wait(0, CancellationToken.None))
            {
                // Any number of wake-ups is one reason to look.
            }
        }
    }

    public void Dispose() => wake.Dispose();

    /// <summary>A run that the server refuses in words is set aside until the next connection: it must not hold up the others.</summary>
    private async Task DrainOrSetAsideAsync(RunJournal journal, Func<EventBatch, Task<long>> append, CancellationToken cancellationToken)
    {
        try
        {
            await DrainAsync(journal, append, cancellationToken);
        }
        catch (HubException exception)
        {
            refused.Add(journal.RunId);
            Log.EventsRefused(log, journal.RunId, exception.Message);
        }
    }

    private async Task DrainAsync(RunJournal journal, Func<EventBatch, Task<long>> append, CancellationToken cancellationToken)
    {
        var runId = journal.RunId;
        while (true)
        {
            var from = acknowledged.GetValueOrDefault(runId);
            var batch = Batch(journal.ReadAfter(from, MaxBatchEvents));
            if (batch.Count == 0)
                break;
            var number = await append(new EventBatch(runId, journal.Epoch, batch)).WaitAsync(Policies.AppendDeadline, cancellationToken);
            if (number <= from)
                throw new IOException($"the server acknowledged event {number} of {runId} after it held {from}");
            acknowledged[runId] = number;
        }
        if (journal.HasEnded && acknowledged.GetValueOrDefault(runId) == journal.LastNumber)
            shelf.Retire(runId);
    }

    private static List<RunEvent> Batch(IReadOnlyList<RunEvent> events)
    {
        var size = 0;
        return [.. events.TakeWhile((runEvent, index) => (size += JsonSerializer.Serialize(runEvent, RunJson.Options).Length) < MaxBatchCharacters || index == 0)];
    }
}
