using System.Net;
using System.Net.Http.Json;
using HilRig.Model.Rig;
using HilRig.Model.Runs;
using HilRig.Server.Security;
using HilRig.Tests.Server.Storage;
using NUnit.Framework;

namespace HilRig.Tests.Server;

/// <summary>Runs that are told how to go on, and places that leave the rotation, over a real server and WebSocket.</summary>
public sealed class SteeringTests(DatabaseKind kind) : ServerFixture(kind)
{
    private static readonly string[] Places = ["kv58-1"];

    [Test]
    public async Task Each_word_reaches_the_agent_that_has_the_run_and_is_audited()
    {
        await using var agent = await TestAgent.ArriveAsync(Server, Places);
        var runId = await OrderAsync();
        await agent.NextOrderAsync();

        foreach (var (verb, steering) in new[] { ("pause", RunSteering.Pause), ("resume", RunSteering.Resume), ("skip", RunSteering.Skip), ("stop-now", RunSteering.StopNow) })
        {
            Assert.That(await PostAsync(runId, verb), Is.EqualTo(HttpStatusCode.Accepted), verb);
            Assert.That(await agent.NextSteeringAsync(), Is.EqualTo((runId, steering)));
        }

        var audit = await Server.GetAsync<List<AuditEntry>>("/api/v1/audit");
        Assert.That(audit.Where(entry => entry.Subject == runId).Select(entry => entry.Action),
            Is.EqualTo(new[] { "steer run: stop-now", "steer run: skip", "steer run: resume", "steer run: pause", "order run" }));
    }

    [Test]
    public async Task An_agent_from_before_steering_is_not_promised_a_pause_and_still_stops()
    {
        await using var agent = await TestAgent.ConnectAsync(Server);
        await agent.HelloAsOldAgentAsync("bench-1", Places);
        var runId = await OrderAsync();
        await agent.NextOrderAsync();

        using var refused = await Server.PostAsync($"/api/v1/runs/{runId}/pause", new { });
        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That(await refused.Content.ReadAsStringAsync(), Does.Contain("bring the agent to the server's release"));
        Assert.That(await PostAsync(runId, "stop-now"), Is.EqualTo(HttpStatusCode.Accepted));
        Assert.That(await agent.NextStopAsync(), Is.EqualTo(runId), "the way that it knows");
    }

    [Test]
    public async Task What_is_not_under_way_is_not_steered_and_a_run_that_waits_is_cancelled_by_a_stop()
    {
        await using var agent = await TestAgent.ArriveAsync(Server, Places);
        await OrderAsync();
        await agent.NextOrderAsync();
        var waiting = await OrderAsync();

        Assert.That(await PostAsync("r-none", "pause"), Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await PostAsync(waiting, "pause"), Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That(await PostAsync(waiting, "stop-now"), Is.EqualTo(HttpStatusCode.Accepted));
        Assert.That(await PostAsync(waiting, "stop-now"), Is.EqualTo(HttpStatusCode.Conflict), "it is over");
    }

    [Test]
    public async Task A_run_whose_agent_is_away_is_not_told_to_pause_and_stops_when_it_comes_back()
    {
        string runId;
        await using (var agent = await TestAgent.ArriveAsync(Server, Places))
        {
            runId = await OrderAsync();
            var order = await agent.NextOrderAsync();
            await agent.AppendAsync(new RunScript(runId).Batch(order.Epoch));
        }
        await EventuallyAsync(async () => !(await PlaceAsync()).AgentConnected);

        Assert.That(await PostAsync(runId, "pause"), Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That(await PostAsync(runId, "stop-now"), Is.EqualTo(HttpStatusCode.Accepted));
        await using var again = await TestAgent.ConnectAsync(Server);
        await again.HelloAsync("bench-1", Places, [new RunPosition(runId, 1)]);

        Assert.That(await again.NextStopAsync(), Is.EqualTo(runId));
    }

    [Test]
    public async Task A_place_out_of_rotation_gets_no_run_and_says_why_until_its_agent_takes_it_back()
    {
        await using var agent = await TestAgent.ArriveAsync(Server, Places);
        var place = new PlaceInfo("kv58-1", "kv58", ["virtual"]);
        await agent.AnnounceAsync(place with { OutOfRotation = "its health check failed: no ping response" });

        var runId = await OrderAsync();

        const string Why = "its health check failed: no ping response";
        Assert.That((await PlaceAsync()).OutOfRotation, Is.EqualTo(Why));
        Assert.That((await Server.GetAsync<List<QueuedRun>>("/api/v1/queue")).Single().Waiting, Is.EqualTo($"out of rotation: {Why}"));
        Assert.That(await Server.Http.GetStringAsync("/"), Does.Contain("Needs hands").And.Contain("no ping response").And.Contain("unwedge --place kv58-1"));
        await agent.AnnounceAsync(place, new PlaceInfo("kv58-2", "kv58", []));
        Assert.That((await agent.NextOrderAsync()).RunId, Is.EqualTo(runId));
        Assert.That(await Server.GetAsync<List<PlaceState>>("/api/v1/places"), Has.Count.EqualTo(1), "an agent cannot announce what it did not come with");
    }

    private async Task<PlaceState> PlaceAsync() => (await Server.GetAsync<List<PlaceState>>("/api/v1/places")).Single();

    private async Task<HttpStatusCode> PostAsync(string runId, string verb)
    {
        using var response = await Server.Http.PostAsync($"/api/v1/runs/{runId}/{verb}", null);
        return response.StatusCode;
    }

    private async Task<string> OrderAsync()
    {
        using var response = await Server.Http.PostAsJsonAsync("/api/v1/runs", new { place = "kv58-1", sequenceName = "ping.yaml", sequence = "sequence: ping\nboard: kv58\nsteps: [ping]" });
        return (await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<Accepted>(RunJson.Options))!.RunId;
    }

    private static async Task EventuallyAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await condition())
            await Task.Delay(20, patience.Token);
    }

    private sealed record Accepted(string RunId);
}
