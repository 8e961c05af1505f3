using System.Text;
using System.Threading.Channels;

namespace HilRig.Agent.Probe;

/// <summary>
/// What pyOCD prints, as lines without its prompt. Bounded: a process that prints without end or without line breaks is
/// cut off, not collected.
/// </summary>
public sealed class PyOcdOutput
{
    private const string Prompt = "pyocd> ";
    private const int LongestLine = 64 * 1024;
    private const int MostLinesWaiting = 20_000;

    private readonly Channel<string> lines = Channel.CreateBounded<string>(MostLinesWaiting);

    /// <summary>The next line; throws <see cref="ChannelClosedException"/> when there will be none, with the reason inside if there is one.</summary>
    public ValueTask<string> ReadLineAsync(CancellationToken cancellationToken) => lines.Reader.ReadAsync(cancellationToken);

    /// <summary>Nothing more will come.</summary>
    public void Complete() => lines.Writer.TryComplete();

    /// <summary>Splits a stream until it ends. Returning early closes it, which ends the process that writes to it.</summary>
    public async Task CopyFromAsync(Stream stream, CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        var line = new MemoryStream();
        while (await stream.ReadAsync(buffer, cancellationToken) is var count and > 0)
        {
            var rest = buffer.AsMemory(0, count);
            for (int end; (end = rest.Span.IndexOf((byte)'\n')) >= 0; rest = rest[(end + 1)..])
            {
                line.Write(rest.Span[..end]);
                if (!TryAccept(line))
                    return;
            }
            line.Write(rest.Span);
            if (line.Length > LongestLine)
            {
                lines.Writer.TryComplete(new InvalidDataException($"it wrote a line of more than {LongestLine} bytes"));
                return;
            }
        }
    }

    /// <summary>The prompt has no newline of its own, so it stands glued before the next line, at times more than once.</summary>
    private bool TryAccept(MemoryStream bytes)
    {
        var line = Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length).TrimEnd('\r');
        bytes.SetLength(0);
        while (line.StartsWith(Prompt, StringComparison.Ordinal))
            line = line[Prompt.Length..];
        if (lines.Writer.TryWrite(line))
            return true;
        lines.Writer.TryComplete(new InvalidDataException($"it wrote more than {MostLinesWaiting} lines that nobody asked for"));
        return false;
    }
}
