using System.Text;

namespace CliWrap;

/// <summary>What a program reads on its standard input; the input ends when the source is done.</summary>
public abstract class PipeSource
{
    /// <summary>Ends the input at once.</summary>
    public static PipeSource Null { get; } = Create((_, _) => Task.CompletedTask);

    public abstract Task CopyToAsync(Stream destination, CancellationToken cancellationToken = default);

    /// <summary>A source that writes as it likes for as long as it likes; its token fires when the program has ended.</summary>
    public static PipeSource Create(Func<Stream, CancellationToken, Task> handlePipeAsync) => new DelegateSource(handlePipeAsync);

    public static PipeSource FromStream(Stream stream) => Create(async (destination, cancellationToken) =>
    {
        await stream.CopyToAsync(destination, cancellationToken).ConfigureAwait(false);
    });

    public static PipeSource FromBytes(byte[] data) => Create(async (destination, cancellationToken) =>
    {
        await destination.WriteAsync(data, cancellationToken).ConfigureAwait(false);
    });

    public static PipeSource FromString(string str) => FromBytes(Encoding.UTF8.GetBytes(str));

    private sealed class DelegateSource(Func<Stream, CancellationToken, Task> copy) : PipeSource
    {
        public override Task CopyToAsync(Stream destination, CancellationToken cancellationToken = default) => copy(destination, cancellationToken);
    }
}
