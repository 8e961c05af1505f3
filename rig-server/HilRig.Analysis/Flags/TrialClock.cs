namespace HilRig.Analysis.Flags;

/// <summary>When the trials of a step were made. Runs on several places arrive side by side, so the order is made when it is asked for.</summary>
internal sealed class TrialClock
{
    private readonly List<long> ticks = [];
    private bool isSorted = true;

    public void Add(DateTimeOffset at)
    {
        isSorted &= ticks.Count == 0 || ticks[^1] <= at.UtcTicks;
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
        if (!isSorted)
            ticks.Sort();
        isSorted = true;
    }
}
