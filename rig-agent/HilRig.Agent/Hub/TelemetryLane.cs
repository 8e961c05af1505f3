using System.Threading.Channels;
using HilRig.Model.Rig;

namespace HilRig.Agent.Hub;

/// <summary>Samples on their way to the server. A full lane drops the oldest and counts them; nobody who measures ever waits.</summary>
public sealed class TelemetryLane
{
    private const int MostInBatch = 64;
    private readonly Channel<TelemetrySample> samples;
    private long dropped;

    public TelemetryLane(int capacity = 256) => samples = Channel.CreateBounded<TelemetrySample>(
        new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true }, _ => Interlocked.Increment(ref dropped));

    public void Offer(TelemetrySample sample) => samples.Writer.TryWrite(sample);

    /// <summary>Sends until cancelled, or throws what <paramref name="send"/> throws; what waits then is for the next connection to say.</summary>
    public async Task SendAsync(Func<TelemetryBatch, Task> send, CancellationToken cancellationToken)
    {
        while (await samples.Reader.WaitToReadAsync(cancellationToken))
        {
            var batch = new List<TelemetrySample>();
            while (batch.Count < MostInBatch && samples.Reader.TryRead(out var sample))
                batch.Add(sample);
            await send(new TelemetryBatch(Interlocked.Exchange(ref dropped, 0), batch));
        }
    }
}
