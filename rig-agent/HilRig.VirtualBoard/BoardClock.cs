namespace HilRig.VirtualBoard;

/// <summary>The board's time in ticks of 100 ns since it was built. Flash and the boot window run <paramref name="speed"/> times faster; the line's budgets do not.</summary>
/// <param name="time">Where time comes from; tests turn it by hand.</param>
/// <param name="speed">Greater than 0.</param>
public sealed class BoardClock(TimeProvider time, double speed = 1)
{
    /// <summary>A deadline that never comes.</summary>
    public const long Never = long.MaxValue;

    private readonly long start = time.GetTimestamp();
    private long moment = Never;

    public long Now => moment == Never ? time.GetElapsedTime(start).Ticks : moment;

    /// <summary>
    /// It is <paramref name="past"/> until <see cref="GoOn"/>: what happened then is worked off as of then. A board answers
    /// the byte that ended at 3 ms at 3 ms, however late this machine looks at it.
    /// </summary>
    public void StandAt(long past) => moment = past;

    /// <summary>It is now again.</summary>
    public void GoOn() => moment = Never;

    /// <summary>Real time from now: field budgets, gaps between edges.</summary>
    public long After(TimeSpan real) => Now + real.Ticks;

    /// <summary>Chip time from now: flash operations, the boot window.</summary>
    public long AfterScaled(TimeSpan nominal) => Now + Scaled(nominal);

    /// <summary>How long a nominal time takes on this board, in ticks.</summary>
    public long Scaled(TimeSpan nominal) => (long)(nominal.Ticks / speed);
}
