using System.IO.Pipelines;

namespace CliWrap;

/// <summary>Copies one output to several targets through a bounded pipe each.</summary>
internal sealed class MergedTarget(IReadOnlyList<PipeTarget> targets) : PipeTarget
{
    public override async Task CopyFromAsync(Stream origin, CancellationToken cancellationToken = default)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pipes = targets.Select(_ => new Pipe()).ToArray();
        var readers = Task.WhenAll(targets.Zip(pipes, (target, pipe) => ReadAsync(target, pipe.Reader, failed)));
        try
        {
            await SpreadAsync(origin, pipes, failed.Token).ConfigureAwait(false);
        }
        finally
        {
            foreach (var pipe in pipes)
                await pipe.Writer.CompleteAsync().ConfigureAwait(false);
            // Awaited in any case: a target's own exception says more than the cancellation that follows from it.
            await readers.ConfigureAwait(false);
        }
    }

    private static async Task SpreadAsync(Stream origin, Pipe[] pipes, CancellationToken cancellationToken)
    {
        var buffer = new byte[80 * 1024];
        for (int count; (count = await origin.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0;)
        {
            foreach (var pipe in pipes)
                await pipe.Writer.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task ReadAsync(PipeTarget target, PipeReader reader, CancellationTokenSource failed)
    {
        try
        {
            await target.CopyFromAsync(reader.AsStream(leaveOpen: true), failed.Token).ConfigureAwait(false);
        }
        catch
        {
            await failed.CancelAsync().ConfigureAwait(false);
            throw;
        }
        finally
        {
            await reader.CompleteAsync().ConfigureAwait(false);
        }
    }
}
