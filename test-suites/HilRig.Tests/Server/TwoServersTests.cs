using System.Net.Http.Json;
using HilRig.Model.Flags;
using HilRig.Model.Rig;
using HilRig.Server.Api;
using HilRig.Tests.Server.Storage;
using NUnit.Framework;

namespace HilRig.Tests.Server;

/// <summary>Two servers on one PostgreSQL, with an agent at one and people at the other.</summary>
public sealed class TwoServersTests
{
    private static readonly string[] Places = ["kv58-1"];
    private TestServer near = null!;
    private TestServer far = null!;

    [SetUp]
    public async Task Start()
    {
        var database = await PostgresCluster.CreateDatabaseAsync();
        near = await TestServer.StartAsync(database);
        far = await TestServer.StartAsync(database);
    }

    [TearDown]
    public async Task Stop()
    {
        foreach (var server in new[] { near, far })
        {
            if (server is not null)
                await server.DisposeAsync();
        }
    }

    [Test]
    public async Task A_run_ordered_at_one_server_goes_to_the_agent_of_the_other_once_and_both_show_it()
    {
        await using var agent = await TestAgent.ArriveAsync(near, Places);
        var accepted = await OrderAsync(far);

        var order = await agent.NextOrderAsync();
        var run = new RunScript(accepted);
        for (var cycle = 0; cycle < 30; cycle++)
            run.Cycle(cycle % 3 == 0 ? RunScript.CumulativeWrite : null, appAtBoot: cycle % 3 == 0 ? "application" : "blank");
        await agent.AppendAsync(run.End().Batch(order.Epoch));

        Assert.That(order.RunId, Is.EqualTo(accepted));
        Assert.That((await far.GetAsync<RunStatus>($"/api/v1/runs/{accepted}")).Summary!.CyclesDone, Is.EqualTo(30));
        Assert.That(() => FlagsAsync(near), Has.Count.EqualTo(1).After(10_000, 50));
        Assert.That(() => FlagsAsync(far), Has.Count.EqualTo(1).After(10_000, 50));
        Assert.That(await FlagsAsync(far), Has.One.Matches<Flag>(flag => flag is { Rate: { Failures: 10, Trials: 30 } }));
        Assert.That(await agent.HasNoOrderAsync("bench-1", Places), Is.True);
    }

    [Test]
    public async Task A_stop_asked_for_at_one_server_reaches_the_agent_of_the_other()
    {
        await using var agent = await TestAgent.ArriveAsync(near, Places);
        var runId = await OrderAsync(far);
        await agent.NextOrderAsync();

        (await far.PostAsync($"/api/v1/runs/{runId}/stop", new { })).EnsureSuccessStatusCode();

        Assert.That(await agent.NextStopAsync(), Is.EqualTo(runId));
    }

    [Test]
    public async Task An_agent_that_changes_servers_goes_on_where_it_was_and_is_judged_once()
    {
        var run = new RunScript("r-from-elsewhere").Cycle(RunScript.CumulativeWrite).Cycle();
        await using (var agent = await TestAgent.ArriveAsync(near, Places, new RunPosition(run.RunId, 6)))
            await agent.AppendAsync(run.Batch(take: 6));

        await using var again = await TestAgent.ConnectAsync(far);
        var welcome = await again.HelloAsync("bench-1", Places, [new RunPosition(run.RunId, run.Events.Count)]);
        var position = await again.AppendAsync(run.Batch(skip: 3));

        Assert.That(welcome.Runs.Single().Number, Is.EqualTo(6));
        Assert.That(position, Is.EqualTo(run.Events.Count));
        foreach (var server in new[] { near, far })
            Assert.That(async () => (await FlagsAsync(server)).Select(flag => (flag.Rate!.Failures, flag.Rate.Trials)), Is.EqualTo(new[] { (1, 2) }).After(10_000, 50));
    }

    private static Task<List<Flag>> FlagsAsync(TestServer server) => server.GetAsync<List<Flag>>("/api/v1/flags");

    private static async Task<string> OrderAsync(TestServer server)
    {
        using var response = await server.PostAsync("/api/v1/runs", new RunRequest("sequence: ping\nboard: kv58\nsteps:\n  - ping\n", "ping.yaml", "kv58-1"));
        return (await response.Content.ReadFromJsonAsync<RunAccepted>(HilRig.Model.Runs.RunJson.Options))!.RunId;
    }
}
