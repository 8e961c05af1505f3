using System.Threading.Channels;
using HilRig.Model.Rig;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;

namespace HilRig.Agent.Hub;

/// <summary>
/// Batches on their way to one server, in order: as a stream with an answer to each, so that the server's wait for its disk is shared; one call
/// after the other at a server from before there was a stream.
/// </summary>
public sealed class EventLane : IAsyncDisposable
{
    private readonly HubConnection hub;
    private readonly bool streams;
    private readonly Channel<EventBatch> outgoing = Channel.CreateBounded<EventBatch>(1);
    private readonly Queue<TaskCompletionSource<long>> unanswered = [];
    private readonly CancellationTokenSource stop;
    private readonly Task answering;
    private Exception? broken;

    /// <param name="welcome">The server's, which says how many batches may be under way.</param>
    public EventLane(HubConnection hub, AgentWelcome welcome, CancellationToken cancellationToken)
    {
        this.hub = hub;
        streams = welcome.Window > 0;
        Window = Math.Max(1, Math.Min(welcome.Window, HubContract.Window));
        stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        answering = streams ? AnswerAsync() : Task.CompletedTask;
    }

    /// <summary>Batches that may be without an answer at once.</summary>
    public int Window { get; }

    /// <summary>Returns when the batch is on its way, and a task for the number up to which the server then holds the run; it throws <see cref="HubException"/> where the server refuses it in words.</summary>
    public async Task<Task<long>> SendAsync(EventBatch batch, CancellationToken cancellationToken)
    {
        if (!streams)
            return hub.InvokeAsync<long>(nameof(IRigHub<>.Append), batch, cancellationToken);
        var answer = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (unanswered)
        {
            if (broken is not null)
                throw new IOException($"the stream of events has ended: {broken.Message}", broken);
            unanswered.Enqueue(answer);
        }
        await outgoing.Writer.WriteAsync(batch, cancellationToken);
        return answer.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await answering.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
    }

    private async Task AnswerAsync()
    {
        try
        {
            await foreach (var answer in hub.StreamAsync<BatchAnswer>(nameof(IRigHub<>.AppendMany), outgoing.Reader, stop.Token))
            {
                var waiting = Next();
                if (answer.Refusal is { } refusal)
                    waiting.SetException(new HubException(refusal));
                else
                    waiting.SetResult(answer.Number);
            }
            Break(new IOException("the server ended it"));
        }
        catch (Exception exception)
        {
            Break(exception);
        }
    }

    private TaskCompletionSource<long> Next()
    {
        lock (unanswered)
            return unanswered.Dequeue();
    }

    private void Break(Exception exception)
    {
        lock (unanswered)
        {
            broken = exception;
            foreach (var waiting in unanswered)
                waiting.SetException(new IOException($"the stream of events has ended: {exception.Message}", exception));
            unanswered.Clear();
        }
    }
}
