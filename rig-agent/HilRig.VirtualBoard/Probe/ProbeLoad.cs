namespace HilRig.VirtualBoard.Probe;

/// <summary>How much the board's side of the probe had to do.</summary>
public sealed class ProbeLoad
{
    private long requests;
    private long ticks;

    /// <summary>Requests taken up so far.</summary>
    public long Requests => Interlocked.Read(ref requests);

    /// <summary>Time from a complete request to its complete response, without the sockets.</summary>
    public TimeSpan Busy => new(Interlocked.Read(ref ticks));

    internal void Begin() => Interlocked.Increment(ref requests);

    internal void End(TimeSpan duration) => Interlocked.Add(ref ticks, duration.Ticks);
}
