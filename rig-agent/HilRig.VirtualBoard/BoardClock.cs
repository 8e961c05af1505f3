namespace HilRig.VirtualBoard;

/// <summary>The board's time in ticks of 100 ns since it was built. The flash runs <paramref name="speed"/> times faster; what a host has to keep up with does not.</summary>
/// <param name="time">Where time comes from; tests turn it by hand.</param>
/// <param name="speed">Greater than 0.</param>
public sealed class BoardClock(TimeProvider time, double speed = 1)
{
    /// <summary>A deadline that never comes.</summary>
    public const long Never = long.MaxValue;

    private readonly long start = time.GetTimestamp();
    private long? held;

    public long Now => held ?? time.GetElapsedTime(start).Ticks;

    /// <summary>Does something as of the moment it was due, however late this machine is.</summary>
    public void AsOf(long moment, Action what)
    {
        var before = held;
        held = moment;
        try
        {
            what();
        }
        finally
        {
            held = before;
        }
    }

    /// <summary>
    /// The same without a closure, for each byte of a burst: it is <paramref name="moment"/> until <see cref="GoOn"/>. A board
    /// answers the byte that ended at 3 ms at 3 ms.
    /// </summary>
    public void StandAt(long moment) => held = moment;

    /// <summary>It is now again.</summary>
    public void GoOn() => held = null;

    /// <summary>Real time from now: field budgets, gaps between edges, the boot window.</summary>
    public long After(TimeSpan real) => Now + real.Ticks;

    /// <summary>Chip time from now: flash operations, the watchdog.</summary>
    public long AfterScaled(TimeSpan nominal) => Now + Scaled(nominal);

    /// <summary>How long a nominal time takes on this board, in ticks.</summary>
    public long Scaled(TimeSpan nominal) => (long)(nominal.Ticks / speed);
}
