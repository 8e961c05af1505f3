using HilRig.Agent.Serial;
using HilRig.Kboot;
using HilRig.VirtualBoard;
using HilRig.VirtualBoard.Bootloader;
using HilRig.VirtualBoard.Kv58;
using Board = HilRig.VirtualBoard.Board;

namespace HilRig.Tests.Agent.Bootloader;

/// <summary>Bytes on the wire and the silence before them.</summary>
public sealed record Piece(TimeSpan Pause, byte[] Bytes)
{
    public static Piece[] Of(byte[] bytes) => [new(TimeSpan.Zero, bytes)];
}

/// <summary>What happens to one packet on its way; the number counts packets of that direction from 0.</summary>
public delegate IEnumerable<Piece> Disturbance(int number, byte[] packet);

/// <summary>
/// The virtual board in this process, in manual time: its whole path but the pseudo-terminal. Whole packets can be
/// disturbed on their way in both directions.
/// </summary>
public sealed class BoardLink : ISerialLink
{
    private readonly ManualTime time;
    private readonly long built;
    private readonly List<byte> fromDevice = [];
    private readonly Queue<(long Due, byte[] Bytes)> toHost = new();
    private int sent;
    private int received;
    private long lastDue;

    public BoardLink(ManualTime time, byte[]? application = null)
    {
        this.time = time;
        built = time.GetTimestamp();
        Board = new Board(new BoardOptions { Name = "in-process" }, time);
        Board.Install(FirmwareImage.BuildBootloader(Release.Default(dataCache: false)), KvMap.FlashStart);
        if (application is not null)
            Board.Install(application, KvMap.ApplicationStart);
        OutsideNUnit(() => Board.Supply.Switch(true));
    }

    public Board Board { get; }

    public Disturbance ToDevice { get; set; } = Undisturbed;

    public Disturbance ToHost { get; set; } = Undisturbed;

    public string Name => "in-process";

    public int Baud => 57_600;

    public SerialLineErrors? LineErrors { get; set; }

    /// <summary>Packets so far: from the host, from the device.</summary>
    public (int FromHost, int FromDevice) Packets => (sent, received);

    public static IEnumerable<Piece> Undisturbed(int number, byte[] packet) => Piece.Of(packet);

    /// <summary>What SWD reads past the cache.</summary>
    public byte[] ReadFlash(uint address, int count)
    {
        var bytes = new byte[count];
        Board.Chip.Ftfe.Array.Read((int)(address - KvMap.FlashStart), bytes);
        return bytes;
    }

    /// <summary>What lies in RAM.</summary>
    public byte[] ReadRam(uint address, int count)
    {
        var bytes = new byte[count];
        return Board.Chip.Bus.TryReadMemory(address, bytes) ? bytes : throw new ArgumentOutOfRangeException(nameof(address));
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        foreach (var piece in ToDevice(sent++, bytes.ToArray()))
        {
            Pass(piece.Pause);
            Board.HostSends(piece.Bytes);
            Collect();
        }
    }

    public int Read(Span<byte> buffer, TimeSpan timeout)
    {
        var limit = time.GetTimestamp() + timeout.Ticks;
        while (true)
        {
            Board.Advance();
            Collect();
            var now = time.GetTimestamp();
            if (toHost.TryPeek(out var next) && next.Due <= now)
                return Take(buffer);
            if (now >= limit)
                return 0;
            Step(toHost.Count > 0 ? Math.Min(limit, next.Due) : limit);
        }
    }

    /// <summary>Resets the board with its boot pin low.</summary>
    public void HoldInBootloader()
    {
        Board.Chip.IsBootPinLow = true;
        OutsideNUnit(() => Board.Chip.Reset(ResetCause.Pin));
    }

    /// <summary>Lets time pass for the board.</summary>
    public void Pass(TimeSpan span)
    {
        for (var end = time.GetTimestamp() + span.Ticks; time.GetTimestamp() < end;)
        {
            Step(end);
            Board.Advance();
            Collect();
        }
    }

    public void DiscardInput() => toHost.Clear();

    public void Close()
    {
    }

    public void Dispose()
    {
    }

    /// <summary>NUnit's context would carry what the firmware awaits to other threads, and the firmware is to run where time is moved.</summary>
    private static void OutsideNUnit(Action start)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        start();
        SynchronizationContext.SetSynchronizationContext(context);
    }

    /// <summary>Moves time to where the board next has work, at most to <paramref name="limit"/>.</summary>
    private void Step(long limit)
    {
        var board = Board.NextDeadline == BoardClock.Never ? long.MaxValue : built + Board.NextDeadline;
        time.Advance(TimeSpan.FromTicks(Math.Max(1, Math.Min(limit, board) - time.GetTimestamp())));
    }

    private int Take(Span<byte> buffer)
    {
        var count = 0;
        while (toHost.TryPeek(out var piece) && piece.Due <= time.GetTimestamp() && count + piece.Bytes.Length <= buffer.Length)
        {
            piece.Bytes.CopyTo(buffer[count..]);
            count += piece.Bytes.Length;
            toHost.Dequeue();
        }
        return count;
    }

    /// <summary>Cuts what the device sent into packets, each of which the disturbance sees alone.</summary>
    private void Collect()
    {
        Span<byte> bytes = stackalloc byte[256];
        for (var count = Board.TakeForHost(bytes); count > 0; count = Board.TakeForHost(bytes))
            fromDevice.AddRange(bytes[..count]);
        while (fromDevice.Count > 0)
        {
            var pending = fromDevice.ToArray();
            if (PacketReader.Read(pending, out _, out var consumed) == ReadOutcome.Incomplete)
                return;
            fromDevice.RemoveRange(0, consumed);
            foreach (var piece in ToHost(received++, pending[..consumed]).Where(piece => piece.Bytes.Length > 0))
            {
                lastDue = Math.Max(lastDue, time.GetTimestamp()) + piece.Pause.Ticks;
                toHost.Enqueue((lastDue, piece.Bytes));
            }
        }
    }
}
