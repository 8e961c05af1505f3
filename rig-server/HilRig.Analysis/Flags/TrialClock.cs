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
        return Find(at.UtcTicks, 0, ticks.Count);
    }

    /// <summary>The positions of trials made at these moments, oldest first; those of one moment, on several boards, stand one behind the other.</summary>
    public List<int> PositionsOf(IReadOnlyList<DateTimeOffset> moments)
    {
        Sort();
        var positions = new List<int>(moments.Count);
        foreach (var at in moments.Select(moment => moment.UtcTicks))
        {
            var (from, step) = (positions.Count == 0 ? 0 : positions[^1] + 1, 1);
            // They lie close to each other: from one to the next in steps that double.
            while (from + step < ticks.Count && ticks[from + step] < at)
                (from, step) = (from + step, 2 * step);
            positions.Add(Find(at, from, Math.Min(from + step, ticks.Count)));
        }
        return positions;
    }

    /// <summary>When the trial at this position in time was made.</summary>
    public DateTimeOffset At(int position)
    {
        Sort();
        return new DateTimeOffset(ticks[Math.Clamp(position, 0, ticks.Count - 1)], TimeSpan.Zero);
    }

    /// <summary>The first position between these two that is not before the moment.</summary>
    private int Find(long at, int from, int to)
    {
        while (from < to)
        {
            var middle = (from + to) / 2;
            if (ticks[middle] < at)
                from = middle + 1;
            else
                to = middle;
        }
        return from;
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
