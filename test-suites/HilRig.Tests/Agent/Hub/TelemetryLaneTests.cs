using HilRig.Agent.Hub;
using HilRig.Model.Rig;
using NUnit.Framework;

namespace HilRig.Tests.Agent.Hub;

public sealed class TelemetryLaneTests
{
    [Test]
    public async Task A_full_lane_drops_the_oldest_and_says_how_many_and_nobody_waits()
    {
        var lane = new TelemetryLane(capacity: 10);
        for (var value = 0; value < 35; value++)
            lane.Offer(new TelemetrySample(default, "", "n", value));
        var got = new TaskCompletionSource<TelemetryBatch>();
        using var stop = new CancellationTokenSource();

        var sending = lane.SendAsync(
            batch =>
            {
                got.TrySetResult(batch);
                return Task.Delay(Timeout.Infinite, stop.Token);
            },
            stop.Token);
        var batch = await got.Task;

        Assert.That(batch.Dropped, Is.EqualTo(25));
        Assert.That(batch.Samples.Select(sample => sample.Value), Is.EqualTo(Enumerable.Range(25, 10)));
        await stop.CancelAsync();
        Assert.That(async () => await sending, Throws.InstanceOf<OperationCanceledException>());
    }
}
