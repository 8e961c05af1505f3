namespace HilRig.Analysis.Flags;

/// <summary>
/// When the trials of a step were made. Runs on several places arrive side by side, so the order is made when it is asked for: at the cost of what
/// is new and of what lies after it in time, whatever the history.
/// </summary>
internal sealed class TrialClock
{
    private readonly List<long> ticks = [];
    private int sorted;

    public void Add(DateTimeOffset at)
    {
        if (sorted == ticks.Count && (sorted == 0 || ticks[^1] <= at.UtcTicks))
            sorted++;
        ticks.Add(at.UtcTicks);
    }

    /// <summary>How many trials were made before this moment.</summary>
    public int PositionOf(DateTimeOffset at)
    {
        Sort();
        var position = ticks.BinarySearch(at.UtcTicks);
        return position < 0 ? ~position : position;
    }

    /// <summary>When the trial at this position in time was made.</summary>
    public DateTimeOffset At(int position)
    {
        Sort();
        return new DateTimeOffset(ticks[Math.Clamp(position, 0, ticks.Count - 1)], TimeSpan.Zero);
    }

    private void Sort()
    {
        // Asked once a failure: most of the time nothing is late.
        if (sorted == ticks.Count)
            return;
        var late = ticks.GetRange(sorted, ticks.Count - sorted);
        late.Sort();
        var (before, to) = (sorted - 1, ticks.Count - 1);
        for (var next = late.Count - 1; next >= 0; to--)
            ticks[to] = before >= 0 && ticks[before] > late[next] ? ticks[before--] : late[next--];
        sorted = ticks.Count;
    }
}
