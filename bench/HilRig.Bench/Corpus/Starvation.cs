using System.Diagnostics;

namespace HilRig.Bench.Corpus;

/// <summary>
/// How much slower than at its best this process gets its work done. A machine that gives an agent a tenth of a core is a fault of the rig
/// that nobody injected: what a run says then proves nothing about the fault that somebody did.
/// </summary>
public sealed class Starvation : IDisposable
{
    /// <summary>pyOCD needs 0.7 s of a core to start and is given 20 s: twice as much as would just do.</summary>
    private const double Bearable = 14;

    /// <summary>Some 15 ms, longer than a scheduler's slice.</summary>
    private const int Work = 20_000_000;

    /// <summary>Of a new measurement in the running mean, which forgets in some ten seconds.</summary>
    private const double Share = 0.05;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly Timer timer;
    private readonly Lock gate = new();
    private TimeSpan best = TimeSpan.MaxValue;
    private long moment;
    private long lastStarved = -1;
    private double mean;

    public Starvation() => timer = new Timer(_ => Measure(), null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);

    /// <summary>A moment to ask about later.</summary>
    public long Now => Interlocked.Read(ref moment);

    public bool IsBad => lastStarved == Now;

    public bool WasBadSince(long then) => lastStarved >= then;

    public void Dispose() => timer.Dispose();

    private void Measure()
    {
        lock (gate)
        {
            var began = Stopwatch.GetTimestamp();
            var sum = 0;
            for (var step = 0; step < Work; step++)
                sum = unchecked((sum * 31) + step);
            GC.KeepAlive(sum);
            var took = Stopwatch.GetElapsedTime(began);
            best = took < best ? took : best;
            var now = Interlocked.Increment(ref moment);
            mean += Share * ((took / best) - mean);
            if (mean > Bearable)
                lastStarved = now;
        }
        try
        {
            timer.Change(Pause, Timeout.InfiniteTimeSpan);
        }
        catch (ObjectDisposedException)
        {
            // The campaign is over.
        }
    }
}
