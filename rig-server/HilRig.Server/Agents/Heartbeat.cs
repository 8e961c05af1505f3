namespace HilRig.Server.Agents;

/// <summary>
/// When an agent's connection was last heard of, whatever the wall clock does. Its telemetry comes every few seconds; of a network that died
/// without a word SignalR tells only later.
/// </summary>
public sealed class Heartbeat(TimeProvider time)
{
    private long heard = time.GetTimestamp();
    private int served;
    private volatile bool beats;

    /// <summary>It sent telemetry: from now on its silence means something.</summary>
    public void Beat()
    {
        beats = true;
        Interlocked.Exchange(ref heard, time.GetTimestamp());
    }

    /// <summary>While the server works on what the agent sent, it reads nothing more of the connection: that silence is its own.</summary>
    public async Task<T> WhileServedAsync<T>(Func<Task<T>> work)
    {
        Interlocked.Increment(ref served);
        try
        {
            return await work();
        }
        finally
        {
            Interlocked.Exchange(ref heard, time.GetTimestamp());
            Interlocked.Decrement(ref served);
        }
    }

    /// <summary>None for one that is being served, or from before telemetry, of which only its connection tells.</summary>
    public TimeSpan Silence => beats && Volatile.Read(ref served) == 0 ? time.GetElapsedTime(Interlocked.Read(ref heard)) : TimeSpan.Zero;
}
