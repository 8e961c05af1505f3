using System.Text;

namespace CliWrap;

/// <summary>Where a program's standard output or error goes.</summary>
public abstract class PipeTarget
{
    /// <summary>
    /// Closes the read end at once: a program that prints dies of a broken pipe. <c>ToStream(Stream.Null)</c> discards instead.
    /// </summary>
    public static PipeTarget Null { get; } = Create((_, _) => Task.CompletedTask);

    public abstract Task CopyFromAsync(Stream origin, CancellationToken cancellationToken = default);

    public static PipeTarget Create(Func<Stream, CancellationToken, Task> handlePipeAsync) => new DelegateTarget(handlePipeAsync);

    public static PipeTarget ToStream(Stream stream) => Create(async (origin, cancellationToken) =>
    {
        var buffer = new byte[80 * 1024];
        for (int count; (count = await origin.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0;)
        {
            await stream.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
            await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    });

    public static PipeTarget ToDelegate(Func<string, CancellationToken, Task> handleLineAsync) => Create(async (origin, cancellationToken) =>
    {
        using var reader = new StreamReader(origin, Encoding.UTF8, leaveOpen: true);
        while (await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
            await handleLineAsync(line, cancellationToken).ConfigureAwait(false);
    });

    public static PipeTarget ToDelegate(Func<string, Task> handleLineAsync) => ToDelegate((line, _) => handleLineAsync(line));

    public static PipeTarget ToDelegate(Action<string> handleLine) => ToDelegate((line, _) =>
    {
        handleLine(line);
        return Task.CompletedTask;
    });

    public static PipeTarget ToStringBuilder(StringBuilder stringBuilder) => ToStringBuilder(stringBuilder, Encoding.UTF8);

    public static PipeTarget ToStringBuilder(StringBuilder stringBuilder, Encoding encoding) => Create(async (origin, cancellationToken) =>
    {
        using var reader = new StreamReader(origin, encoding, leaveOpen: true);
        var buffer = new char[1024];
        for (int count; (count = await reader.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0;)
            stringBuilder.Append(buffer, 0, count);
    });

    /// <summary>Every target gets all the output; the slowest sets the pace, and one that fails ends them all.</summary>
    public static PipeTarget Merge(params PipeTarget[] targets) => targets.Where(target => target != Null).ToArray() switch
    {
        [] => Null,
        [var only] => only,
        var several => new MergedTarget(several),
    };

    private sealed class DelegateTarget(Func<Stream, CancellationToken, Task> copy) : PipeTarget
    {
        public override Task CopyFromAsync(Stream origin, CancellationToken cancellationToken = default) => copy(origin, cancellationToken);
    }
}
