namespace HilRig.Analysis.Flags;

/// <summary>
/// Moments, oldest first. Runs on several places arrive side by side or one after the other, so the order is made when it is asked for: at the cost of what
/// is new and of what lies after it in time, whatever the history.
/// </summary>
internal sealed class Moments
{
    private readonly List<long> ticks = [];
    private int sorted;

    public void Add(DateTimeOffset at)
    {
        if (sorted == ticks.Count && (sorted == 0 || ticks[^1] <= at.UtcTicks))
            sorted++;
        ticks.Add(at.UtcTicks);
    }

    /// <summary>As ticks of UTC.</summary>
    public List<long> InOrder()
    {
        // Asked once a failure: most of the time nothing is late.
        if (sorted == ticks.Count)
            return ticks;
        var late = ticks.GetRange(sorted, ticks.Count - sorted);
        late.Sort();
        var (before, to) = (sorted - 1, ticks.Count - 1);
        for (var next = late.Count - 1; next >= 0; to--)
            ticks[to] = before >= 0 && ticks[before] > late[next] ? ticks[before--] : late[next--];
        sorted = ticks.Count;
        return ticks;
    }
}
