namespace HilRig.Analysis.Flags;

/// <summary>When the trials of a step were made.</summary>
internal sealed class TrialClock
{
    private readonly Moments moments = new();

    public void Add(DateTimeOffset at) => moments.Add(at);

    /// <summary>How many trials were made before this moment, in ticks of UTC.</summary>
    public int PositionOf(long at)
    {
        var ticks = moments.InOrder();
        return Find(ticks, at, 0, ticks.Count);
    }

    /// <summary>The positions of trials made at these moments, oldest first; those of one moment, on several boards, stand one behind the other.</summary>
    public List<int> PositionsOf(Moments trials)
    {
        var (ticks, wanted) = (moments.InOrder(), trials.InOrder());
        var positions = new List<int>(wanted.Count);
        foreach (var at in wanted)
        {
            var (from, step) = (positions.Count == 0 ? 0 : positions[^1] + 1, 1);
            // They lie close to each other: from one to the next in steps that double.
            while (from + step < ticks.Count && ticks[from + step] < at)
                (from, step) = (from + step, 2 * step);
            positions.Add(Find(ticks, at, from, Math.Min(from + step, ticks.Count)));
        }
        return positions;
    }

    /// <summary>When the trial at this position in time was made.</summary>
    public DateTimeOffset At(int position)
    {
        var ticks = moments.InOrder();
        return new DateTimeOffset(ticks[Math.Clamp(position, 0, ticks.Count - 1)], TimeSpan.Zero);
    }

    /// <summary>The first position between these two that is not before the moment.</summary>
    private static int Find(List<long> ticks, long at, int from, int to)
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
}
