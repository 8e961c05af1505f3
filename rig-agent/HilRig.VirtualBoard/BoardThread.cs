using HilRig.VirtualBoard.Kv58;

namespace HilRig.VirtualBoard;

/// <summary>The thread that carries bytes between a board and its pseudo-terminal. A round trip is a few tens of microseconds.</summary>
public sealed class BoardThread : IDisposable
{
    private const int StackSize = 256 * 1024;

    private readonly Board board;
    private readonly Pty pty;
    private readonly Thread thread;
    private volatile bool isEnding;

    public BoardThread(Board board, Pty pty, string name)
    {
        this.board = board;
        this.pty = pty;
        board.Chip.Touched += pty.Wake;
        thread = new Thread(Run, StackSize) { IsBackground = true, Name = name };
        thread.Start();
    }

    /// <summary>Set when the thread ended by an error of ours.</summary>
    public Exception? Failure { get; private set; }

    public void Dispose()
    {
        isEnding = true;
        pty.Wake();
        thread.Join();
        board.Chip.Touched -= pty.Wake;
    }

    private void Run()
    {
        try
        {
            Pty.WaitPunctually();
            Carry();
        }
        catch (Exception error)
        {
            Failure = error;
            Console.Error.WriteLine($"{thread.Name}: the board's thread ended: {error.Message}");
        }
    }

    private void Carry()
    {
        Span<byte> incoming = stackalloc byte[4096];
        Span<byte> outgoing = stackalloc byte[1024];
        while (!isEnding)
        {
            var received = pty.Read(incoming);
            var sent = Exchange(incoming[..received], outgoing, out var next);
            if (sent > 0)
                pty.Write(outgoing[..sent]);
            if (received == 0)
                pty.Wait(Until(next));
        }
    }

    private int Exchange(ReadOnlySpan<byte> incoming, Span<byte> outgoing, out long next)
    {
        var baud = incoming.Length > 0 ? pty.ClientBaud : 0;
        lock (board.Chip.Gate)
        {
            if (incoming.Length > 0)
                board.HostSends(incoming, baud);
            else
                board.Advance();
            var sent = board.TakeForHost(outgoing);
            next = sent == outgoing.Length ? 0 : board.NextDeadline;
            return sent;
        }
    }

    private TimeSpan Until(long moment) =>
        moment == BoardClock.Never ? Timeout.InfiniteTimeSpan : TimeSpan.FromTicks(Math.Max(0, moment - board.Now));
}
