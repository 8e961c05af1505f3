namespace HilRig.VirtualBoard.Kv58;

/// <summary>Things that happen to the chip at a moment: a watchdog bites, the supply returns.</summary>
public sealed class ChipTimers
{
    private readonly PriorityQueue<Action, (long Moment, long Order)> waiting = new();
    private long order;

    public long Deadline => waiting.TryPeek(out _, out var first) ? first.Moment : BoardClock.Never;

    /// <summary>Equal moments keep their order.</summary>
    public void At(long moment, Action action) => waiting.Enqueue(action, (moment, order++));

    /// <summary>Does the first thing that is due; false if none is.</summary>
    public bool Advance(long now)
    {
        if (Deadline > now)
            return false;
        waiting.Dequeue()();
        return true;
    }
}
