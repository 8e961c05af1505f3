using HilRig.Model.Flags;
using HilRig.Model.Rig;
using HilRig.Model.Runs;
using HilRig.Server.Api;
using Microsoft.AspNetCore.SignalR;
using NUnit.Framework;

namespace HilRig.Tests.Server;

/// <summary>Agents against a real server over a real WebSocket.</summary>
public sealed class HubTests
{
    private const string Ping = "sequence: ping\nboard: kv58\nsteps:\n  - ping\n";
    private static readonly string[] Places = ["kv58-1"];
    private TestServer server = null!;

    [SetUp]
    public async Task Start() => server = await TestServer.StartAsync();

    [TearDown]
    public async Task Stop() => await server.DisposeAsync();

    [Test]
    public async Task An_order_goes_to_the_agent_and_its_events_come_back_as_a_run_with_flags()
    {
        await using var agent = await TestAgent.ArriveAsync(server, Places);
        var runId = await OrderAsync();
        var order = await agent.NextOrderAsync();
        Assert.That((order.RunId, order.Place, order.Epoch, order.Sequence), Is.EqualTo((runId, "kv58-1", 1L, Ping)));

        var run = new RunScript(runId);
        for (var cycle = 0; cycle < 30; cycle++)
            run.Cycle(cycle % 3 == 0 ? RunScript.CumulativeWrite : null, appAtBoot: cycle % 3 == 0 ? "application" : "blank");
        var position = await agent.AppendAsync(run.End().Batch(order.Epoch));

        Assert.That(position, Is.EqualTo(run.Events.Count));
        var status = await server.GetAsync<RunStatus>($"/api/v1/runs/{runId}");
        Assert.That((status.State, status.Summary!.CyclesDone), Is.EqualTo((RunStage.Ended, 30)));
        Assert.That(await server.GetAsync<List<RunEvent>>($"/api/v1/runs/{runId}/events?after=0"), Has.Count.EqualTo(run.Events.Count));
        var flags = await server.GetAsync<List<Flag>>("/api/v1/flags");
        Assert.That(flags, Has.One.Matches<Flag>(flag => flag is { Fingerprint.Code: "10203", Rate: { Failures: 10, Trials: 30 } }));
        Assert.That(await server.GetAsync<List<RunEvent>>($"/api/v1/flags/{flags[0].Id}/failures"), Has.Count.EqualTo(10));
    }

    [Test]
    public async Task The_next_run_starts_when_the_one_before_has_ended()
    {
        await using var agent = await TestAgent.ArriveAsync(server, Places);
        var first = await OrderAsync();
        var second = await OrderAsync();
        var order = await agent.NextOrderAsync();
        Assert.That(order.RunId, Is.EqualTo(first));
        Assert.That((await server.GetAsync<List<QueuedRun>>("/api/v1/queue")).Single(run => run.RunId == second).Waiting, Does.Contain($"busy with {first}"));

        await agent.AppendAsync(new RunScript(first).Cycle().End().Batch(order.Epoch));
        var next = await agent.NextOrderAsync();

        Assert.That((next.RunId, next.Epoch), Is.EqualTo((second, 2L)));
    }

    [Test]
    public async Task A_run_goes_on_over_a_restart_of_the_server_and_nothing_is_lost_or_doubled()
    {
        var agent = await TestAgent.ArriveAsync(server, Places);
        var runId = await OrderAsync();
        var order = await agent.NextOrderAsync();
        var run = new RunScript(runId).Cycle().Cycle();
        await agent.AppendAsync(run.Batch(order.Epoch, take: 5));
        await agent.DisposeAsync();
        await server.RestartAsync();

        await using var again = await TestAgent.ConnectAsync(server);
        run.Cycle().End();
        var welcome = await again.HelloAsync("bench-1", Places, [new RunPosition(runId, run.Events.Count)]);
        await again.AppendAsync(run.Batch(order.Epoch, skip: 3));

        Assert.That(welcome.Runs, Is.EqualTo(new[] { new RunPosition(runId, 5) }));
        var events = await server.GetAsync<List<RunEvent>>($"/api/v1/runs/{runId}/events");
        Assert.That(events.Select(runEvent => runEvent.Number), Is.EqualTo(run.Events.Select(runEvent => runEvent.Number)));
        Assert.That(await again.HasNoOrderAsync("bench-1", Places), "a run that has ended is not handed out again");
    }

    [Test]
    public async Task Flags_survive_a_restart_of_the_server_unchanged()
    {
        await using (var agent = await TestAgent.ArriveAsync(server, Places))
        {
            var run = new RunScript("r-elsewhere");
            for (var cycle = 0; cycle < 20; cycle++)
                run.Cycle(cycle % 2 == 0 ? RunScript.CumulativeWrite : null, appAtBoot: cycle % 2 == 0 ? "application" : "blank");
            await agent.AppendAsync(run.End().Batch());
        }
        var before = await server.Http.GetStringAsync("/api/v1/flags");
        await server.RestartAsync();

        Assert.That(before, Does.Contain("10203"));
        Assert.That(await server.Http.GetStringAsync("/api/v1/flags"), Is.EqualTo(before));
    }

    [Test]
    public async Task An_order_that_never_began_is_handed_over_again_with_the_same_epoch()
    {
        string runId;
        await using (var agent = await TestAgent.ArriveAsync(server, Places))
        {
            runId = await OrderAsync();
            await agent.NextOrderAsync();
        }
        await using var again = await TestAgent.ArriveAsync(server, Places);

        var order = await again.NextOrderAsync();

        Assert.That((order.RunId, order.Epoch), Is.EqualTo((runId, 1L)));
    }

    [Test]
    public async Task A_run_that_the_agent_lost_ends_as_agent_lost_and_the_next_one_starts()
    {
        string lost;
        string next;
        await using (var agent = await TestAgent.ArriveAsync(server, Places))
        {
            lost = await OrderAsync();
            next = await OrderAsync();
            var order = await agent.NextOrderAsync();
            await agent.AppendAsync(new RunScript(lost).Cycle().Batch(order.Epoch));
        }
        await using var again = await TestAgent.ArriveAsync(server, Places);

        Assert.That((await again.NextOrderAsync()).RunId, Is.EqualTo(next));
        var summary = (await server.GetAsync<RunStatus>($"/api/v1/runs/{lost}")).Summary!;
        Assert.That((summary.Ended!.Reason, summary.Verdict, summary.CyclesDone), Is.EqualTo((EndReason.AgentLost, Verdict.Error, 1)));
    }

    [Test]
    public async Task An_order_waits_for_its_agent()
    {
        var runId = await OrderAsync();
        Assert.That((await server.GetAsync<RunStatus>($"/api/v1/runs/{runId}")).Waiting, Does.Contain("no agent has announced place kv58-1"));

        await using var agent = await TestAgent.ArriveAsync(server, Places);

        Assert.That((await agent.NextOrderAsync()).RunId, Is.EqualTo(runId));
    }

    [Test]
    public async Task Stopping_asks_the_agent_cancels_what_waits_and_is_refused_after_the_end()
    {
        await using var agent = await TestAgent.ArriveAsync(server, Places);
        var running = await OrderAsync();
        var waiting = await OrderAsync();
        var order = await agent.NextOrderAsync();

        foreach (var runId in new[] { running, waiting })
            Assert.That((int)(await server.PostAsync($"/api/v1/runs/{runId}/stop", new { })).StatusCode, Is.EqualTo(202));

        Assert.That(await agent.NextStopAsync(), Is.EqualTo(running));
        Assert.That((await server.GetAsync<RunStatus>($"/api/v1/runs/{waiting}")).State, Is.EqualTo(RunStage.Cancelled));
        await agent.AppendAsync(new RunScript(running).End(EndReason.Aborted, "stopped").Batch(order.Epoch));
        Assert.That((int)(await server.PostAsync($"/api/v1/runs/{running}/stop", new { })).StatusCode, Is.EqualTo(409));
        Assert.That((int)(await server.PostAsync("/api/v1/runs/r-none/stop", new { })).StatusCode, Is.EqualTo(404));
    }

    [Test]
    public async Task A_wish_to_stop_reaches_an_agent_that_was_away()
    {
        string runId;
        RunOrder order;
        await using (var agent = await TestAgent.ArriveAsync(server, Places))
        {
            runId = await OrderAsync();
            order = await agent.NextOrderAsync();
            await agent.AppendAsync(new RunScript(runId).Cycle().Batch(order.Epoch));
        }
        await server.PostAsync($"/api/v1/runs/{runId}/stop", new { });

        await using var again = await TestAgent.ArriveAsync(server, Places, new RunPosition(runId, 9));

        Assert.That(await again.NextStopAsync(), Is.EqualTo(runId));
    }

    [Test]
    public async Task Another_contract_version_is_refused_in_words()
    {
        await using var agent = await TestAgent.ConnectAsync(server);

        var welcome = await agent.HelloAsync("bench-1", Places, [], version: HubContract.Version + 1);

        Assert.That(welcome.Refusal, Does.Contain("hub contract"));
        Assert.That(await server.GetAsync<List<PlaceState>>("/api/v1/places"), Is.Empty);
    }

    [Test]
    public async Task A_place_belongs_to_one_agent_at_a_time()
    {
        await using var first = await TestAgent.ArriveAsync(server, Places);
        await using var second = await TestAgent.ConnectAsync(server);

        Assert.That((await second.HelloAsync("bench-2", Places, [])).Refusal, Does.Contain("bench-1"));
        var place = (await server.GetAsync<List<PlaceState>>("/api/v1/places")).Single();
        Assert.That((place.Agent, place.AgentConnected), Is.EqualTo(("bench-1", true)));
    }

    [Test]
    public async Task Events_without_hello_or_with_a_stale_epoch_are_refused()
    {
        await using var silent = await TestAgent.ConnectAsync(server);
        var run = new RunScript("r-1").Cycle();
        Assert.That(async () => await silent.AppendAsync(run.Batch()), Throws.InstanceOf<HubException>().With.Message.Contains("Hello"));

        await using var agent = await TestAgent.ArriveAsync(server, Places);
        var runId = await OrderAsync();
        var order = await agent.NextOrderAsync();
        var stale = new RunScript(runId).Batch(order.Epoch + 1);

        Assert.That(async () => await agent.AppendAsync(stale), Throws.InstanceOf<HubException>().With.Message.Contains("stale"));
    }

    [Test]
    public async Task Agents_side_by_side_have_their_events_stored_once_each()
    {
        const int Agents = 8;
        await Task.WhenAll(Enumerable.Range(1, Agents).Select(async number =>
        {
            await using var agent = await TestAgent.ConnectAsync(server);
            await agent.HelloAsync($"bench-{number}", [$"kv58-{number}"], []);
            var run = new RunScript($"r-{number}", $"kv58-{number}");
            for (var cycle = 0; cycle < 50; cycle++)
                run.Cycle();
            run.End();
            for (var skip = 0; skip < run.Events.Count; skip += 20)
                Assert.That(await agent.AppendAsync(run.Batch(skip: skip, take: 20)), Is.EqualTo(Math.Min(skip + 20, run.Events.Count)));
        }));

        var runs = await server.GetAsync<List<RunSummary>>("/api/v1/runs");
        Assert.That(runs.Select(run => (run.CyclesDone, run.LastNumber)), Has.Exactly(Agents).EqualTo((50, 302L)));
    }

    private async Task<string> OrderAsync()
    {
        var response = await server.PostAsync("/api/v1/runs", new { place = "kv58-1", sequence = Ping, sequenceName = "ping.yaml", cycles = 3, seed = 1 });
        Assert.That((int)response.StatusCode, Is.EqualTo(202), await response.Content.ReadAsStringAsync());
        return (await System.Net.Http.Json.HttpContentJsonExtensions.ReadFromJsonAsync<RunAccepted>(response.Content, RunJson.Options))!.RunId;
    }
}
