using HilRig.Kboot;
using HilRig.VirtualBoard.Faults;

namespace HilRig.VirtualBoard;

/// <summary>One direction of the serial line: faults first, then the time that a byte takes on the wire.</summary>
/// <param name="clock">The board's time.</param>
/// <param name="baud">Pace, 10 bits a byte; 0 is as fast as the machine.</param>
/// <param name="faults">Applied in order.</param>
public sealed class LineDirection(BoardClock clock, int baud, IReadOnlyList<ILineFault> faults)
{
    private readonly Queue<(byte Value, long Due)> wire = new();
    private readonly List<LineByte> before = [];
    private readonly List<LineByte> after = [];
    private readonly long byteTime = baud == 0 ? 0 : 10 * TimeSpan.TicksPerSecond / baud;
    private long lastDue;

    /// <summary>When the next byte comes out; <see cref="BoardClock.Never"/> if none is under way.</summary>
    public long NextDue => wire.TryPeek(out var next) ? next.Due : BoardClock.Never;

    /// <summary>How late the last byte was taken: this machine's doing, not the line's.</summary>
    public long Lateness { get; private set; }

    /// <summary>
    /// Bytes begin their way. What they answer may have come to the sender too late by <paramref name="lateness"/>; they then
    /// count as sent that much earlier, as long as none of them has arrived already.
    /// </summary>
    public void Put(ReadOnlySpan<byte> bytes, long lateness = 0)
    {
        var now = clock.Now - Math.Min(lateness, byteTime);
        foreach (var fault in faults)
            fault.BeginWrite();
        foreach (var value in bytes)
        {
            if (faults.Count == 0)
                Enqueue(new LineByte(value, 0), now);
            else
                PutThroughFaults(value, now);
        }
    }

    /// <summary>
    /// When the bytes that follow one another without a pause have come out, at most a frame of them: as of then, the same
    /// can be made of them as of one at a time. Waking for each byte at 115,200 baud takes a tenth of a core a board.
    /// </summary>
    public long NextBurst
    {
        get
        {
            var (end, count) = (BoardClock.Never, 0);
            foreach (var (_, due) in wire)
            {
                if (count++ == Packet.MaxFrame || (end != BoardClock.Never && due != end + byteTime))
                    break;
                end = due;
            }
            return end;
        }
    }

    /// <summary>Takes the next byte that came out by <paramref name="now"/>, and when it did.</summary>
    public bool TryTake(long now, out byte value, out long due)
    {
        (value, due) = (0, 0);
        if (!wire.TryPeek(out var next) || next.Due > now)
            return false;
        (value, due) = wire.Dequeue();
        Lateness = now - due;
        return true;
    }

    private void PutThroughFaults(byte value, long now)
    {
        before.Clear();
        before.Add(new LineByte(value, 0));
        foreach (var fault in faults)
        {
            after.Clear();
            foreach (var one in before)
                fault.Pass(one, after);
            before.Clear();
            before.AddRange(after);
        }
        foreach (var one in before)
            Enqueue(one, now);
    }

    private void Enqueue(LineByte one, long now)
    {
        lastDue = Math.Max(lastDue, now) + one.Pause + byteTime;
        wire.Enqueue((one.Value, lastDue));
    }
}
