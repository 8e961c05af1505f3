using HilRig.Server.Agents;
using NUnit.Framework;

namespace HilRig.Tests.Server;

/// <summary>What counts as an agent's silence.</summary>
public sealed class HeartbeatTests
{
    private readonly HandClock time = new();

    [Test]
    public void One_from_before_telemetry_is_never_silent()
    {
        var heartbeat = new Heartbeat(time);
        time.Move(TimeSpan.FromHours(1));

        Assert.That(heartbeat.Silence, Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public async Task While_the_server_works_for_it_the_silence_is_the_servers_and_counts_from_the_end_of_that()
    {
        var heartbeat = new Heartbeat(time);
        heartbeat.Beat();
        time.Move(TimeSpan.FromMinutes(1));
        Assert.That(heartbeat.Silence, Is.EqualTo(TimeSpan.FromMinutes(1)).Within(TimeSpan.FromSeconds(5)));

        var stalled = new TaskCompletionSource<bool>();
        var served = heartbeat.WhileServedAsync(() => stalled.Task);
        time.Move(TimeSpan.FromMinutes(10));
        Assert.That(heartbeat.Silence, Is.EqualTo(TimeSpan.Zero));
        stalled.SetResult(true);
        await served;

        Assert.That(heartbeat.Silence, Is.LessThan(TimeSpan.FromSeconds(5)));
        time.Move(TimeSpan.FromMinutes(2));
        Assert.That(heartbeat.Silence, Is.GreaterThan(TimeSpan.FromMinutes(1)));
    }
}
