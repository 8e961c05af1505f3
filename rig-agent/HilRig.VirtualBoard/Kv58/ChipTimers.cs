namespace HilRig.VirtualBoard.Kv58;

/// <summary>Things that happen to the chip at a moment: a watchdog bites, the supply returns.</summary>
public sealed class ChipTimers(BoardClock clock)
{
    private readonly PriorityQueue<Action, (long Moment, long Order)> waiting = new();
    private long order;

    public long Deadline => waiting.TryPeek(out _, out var first) ? first.Moment : BoardClock.Never;

    /// <summary>Equal moments keep their order.</summary>
    public void At(long moment, Action action) => waiting.Enqueue(action, (moment, order++));

    /// <summary>Does the thing that is due first, as of its own moment: a cut half-way through an erase stays half-way on a slow machine.</summary>
    public void DoNext()
    {
        var moment = Deadline;
        clock.AsOf(moment, waiting.Dequeue());
    }
}
