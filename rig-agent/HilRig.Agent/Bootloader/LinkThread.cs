using System.Collections.Concurrent;

namespace HilRig.Agent.Bootloader;

/// <summary>One thread that owns a link and runs whole commands on it, one after the other: an await per packet would cost more than the packet.</summary>
internal sealed class LinkThread : IAsyncDisposable
{
    private readonly BlockingCollection<Action> commands = [];
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public LinkThread(string name) => new Thread(Work) { IsBackground = true, Name = name }.Start();

    public Task<T> RunAsync<T>(Func<CancellationToken, T> command, CancellationToken cancellationToken)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        commands.Add(() => Complete(result, command, cancellationToken), CancellationToken.None);
        return result.Task;
    }

    public async ValueTask DisposeAsync()
    {
        commands.CompleteAdding();
        await ended.Task;
        commands.Dispose();
    }

    private static void Complete<T>(TaskCompletionSource<T> result, Func<CancellationToken, T> command, CancellationToken cancellationToken)
    {
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            result.SetResult(command(cancellationToken));
        }
        catch (OperationCanceledException stop) when (stop.CancellationToken == cancellationToken)
        {
            result.SetCanceled(cancellationToken);
        }
#pragma warning disable CA1031 // Whatever goes wrong belongs to the caller who awaits; the thread must live on.
        catch (Exception error)
#pragma warning restore CA1031
        {
            result.SetException(error);
        }
    }

    private void Work()
    {
        foreach (var command in commands.GetConsumingEnumerable())
            command();
        ended.SetResult();
    }
}
