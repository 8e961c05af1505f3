using System.Net.Http.Json;
using HilRig.Model.Rig;
using HilRig.Model.Runs;
using HilRig.Server.Api;
using HilRig.Server.Dispatch;
using NUnit.Framework;

namespace HilRig.Tests.Server.Dispatch;

/// <summary>Leases over time, moved by hand, with agents on real connections.</summary>
public sealed class LeaseClockTests
{
    private static readonly string[] Places = ["kv58-1"];
    private TestServer server = null!;
    private HandClock time = null!;

    [SetUp]
    public async Task Start()
    {
        time = new HandClock();
        server = await TestServer.StartAsync(time: time);
    }

    [TearDown]
    public async Task Stop() => await server.DisposeAsync();

    [Test]
    public async Task A_dead_holder_frees_its_place_within_two_heartbeats_and_gets_it_back_when_it_was_not_dead()
    {
        string runId;
        RunOrder order;
        RunScript run;
        await using (var agent = await TestAgent.ArriveAsync(server, Places))
        {
            runId = await OrderAsync("kv58-1");
            order = await agent.NextOrderAsync();
            run = new RunScript(runId).Cycle();
            await agent.AppendAsync(run.Batch(order.Epoch));
            await BeatAsync(1);
        }
        await WaitForLeaveAsync();

        await BeatAsync(1);
        Assert.That((await StatusAsync(runId)).Summary!.Ended, Is.Null, "one heartbeat is patience");
        await BeatAsync(1);
        Assert.That((await StatusAsync(runId)).Summary!.Ended!.Reason, Is.EqualTo(EndReason.AgentLost));

        await using var back = await TestAgent.ArriveAsync(server, Places, new RunPosition(runId, run.Events.Count));
        Assert.That((await StatusAsync(runId)).Summary!.Ended, Is.Null, "it has its place again");
        await back.AppendAsync(run.Cycle().End().Batch(order.Epoch));
        Assert.That((await StatusAsync(runId)).Summary!.CyclesDone, Is.EqualTo(2));
    }

    [Test]
    public async Task A_connected_holder_keeps_its_place_for_as_long_as_it_likes()
    {
        await using var agent = await TestAgent.ArriveAsync(server, Places);
        var runId = await OrderAsync("kv58-1");
        await agent.NextOrderAsync();
        for (var beat = 0; beat < 10; beat++)
            await BeatAsync(1);

        Assert.That((await StatusAsync(runId)).Waiting, Does.Contain("has not begun"));
    }

    [Test]
    public async Task One_that_has_spoken_and_is_connected_but_silent_frees_its_place_as_fast_as_a_dead_one()
    {
        await using var agent = await TestAgent.ArriveAsync(server, Places);
        var runId = await OrderAsync("kv58-1");
        var order = await agent.NextOrderAsync();
        await agent.AppendAsync(new RunScript(runId).Cycle().Batch(order.Epoch));
        await BeatAsync(2);
        for (var beat = 0; beat < 4; beat++)
        {
            await SpeakAsync(agent);
            await BeatAsync(1);
        }
        Assert.That((await StatusAsync(runId)).Summary!.Ended, Is.Null, "it spoke once a beat");

        await BeatAsync(2 / 3.0);

        Assert.That((await StatusAsync(runId)).Summary!.Ended!.Reason, Is.EqualTo(EndReason.AgentLost));
        await agent.WaitForCloseAsync();
    }

    [Test]
    public async Task A_run_beyond_its_hard_end_is_asked_to_stop_and_then_loses_its_place()
    {
        await using var agent = await TestAgent.ArriveAsync(server, Places);
        var runId = await OrderAsync("kv58-1", until: time.GetUtcNow().AddHours(1));
        var order = await agent.NextOrderAsync();
        await agent.AppendAsync(new RunScript(runId).Cycle().Batch(order.Epoch));
        var next = await OrderAsync("kv58-1");

        await BeatAsync(241);
        Assert.That(await agent.NextStopAsync(), Is.EqualTo(runId));
        await BeatAsync(2);

        Assert.That((await agent.NextOrderAsync()).RunId, Is.EqualTo(next));
        Assert.That((await StatusAsync(runId)).Summary!.Ended!.Message, Does.Contain("hard end"));
    }

    [Test]
    public async Task An_order_for_any_board_goes_to_the_first_place_that_fits()
    {
        var runId = await OrderAsync(null, board: "kv58", tags: ["virtual"]);
        Assert.That((await server.GetAsync<List<QueuedRun>>("/api/v1/queue")).Single(), Has.Property("Place").EqualTo("any kv58 with virtual"));

        await using var agent = await TestAgent.ArriveAsync(server, Places);
        var order = await agent.NextOrderAsync();

        Assert.That((order.RunId, order.Place), Is.EqualTo((runId, "kv58-1")));
    }

    [Test]
    public async Task A_pause_is_shown_to_those_who_wait_and_ends_by_name()
    {
        await using var agent = await TestAgent.ArriveAsync(server, Places);
        (await server.PostAsync("/api/v1/places/*/pause", new PauseRequest("power works in the lab"))).EnsureSuccessStatusCode();
        var runId = await OrderAsync("kv58-1");
        Assert.That((await StatusAsync(runId)).Waiting, Is.EqualTo("paused by local: power works in the lab"));

        (await server.PostAsync("/api/v1/places/*/resume", new { })).EnsureSuccessStatusCode();

        Assert.That((await agent.NextOrderAsync()).RunId, Is.EqualTo(runId));
    }

    private async Task BeatAsync(double beats)
    {
        time.Move(beats * LeaseClock.Beat);
        await server.Service<LeaseClock>().BeatAsync(default);
    }

    /// <summary>Telemetry has no answer; the round trip after it on the same connection shows that it was taken.</summary>
    private static async Task SpeakAsync(TestAgent agent)
    {
        await agent.TellAsync(new TelemetryBatch(0, []));
        await agent.AnnounceAsync(new PlaceInfo("kv58-1", "kv58", ["virtual"]));
    }

    private async Task WaitForLeaveAsync() =>
        await Task.Run(() => Assert.That(() => server.GetAsync<List<PlaceState>>("/api/v1/places").Result[0].AgentConnected, Is.False.After(10_000, 20)));

    private Task<RunStatus> StatusAsync(string runId) => server.GetAsync<RunStatus>($"/api/v1/runs/{runId}");

    private async Task<string> OrderAsync(string? place, DateTimeOffset? until = null, string? board = null, string[]? tags = null)
    {
        using var response = await server.PostAsync(
            "/api/v1/runs", new RunRequest("sequence: ping\nboard: kv58\nsteps:\n  - ping\n", "ping.yaml", place) { Until = until, Board = board, Tags = tags });
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<RunAccepted>(RunJson.Options))!.RunId;
    }
}
