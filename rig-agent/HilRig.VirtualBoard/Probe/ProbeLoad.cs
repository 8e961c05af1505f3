namespace HilRig.VirtualBoard.Probe;

/// <summary>How much the board's side of the probe had to do.</summary>
public sealed class ProbeLoad
{
    private long requests;
    private long ticks;

    public long Requests => Interlocked.Read(ref requests);

    /// <summary>Time from a complete request to its complete response, without the sockets.</summary>
    public TimeSpan Busy => new(Interlocked.Read(ref ticks));

    internal void Count(TimeSpan duration)
    {
        Interlocked.Increment(ref requests);
        Interlocked.Add(ref ticks, duration.Ticks);
    }
}
