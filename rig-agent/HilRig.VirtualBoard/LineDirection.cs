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

    public void Put(ReadOnlySpan<byte> bytes)
    {
        var now = clock.Now;
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

    public bool TryTake(long now, out byte value)
    {
        value = 0;
        if (!wire.TryPeek(out var next) || next.Due > now)
            return false;
        value = wire.Dequeue().Value;
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
