using System.Net;
using System.Net.Http.Json;
using HilRig.Model.Campaigns;
using HilRig.Model.Rig;
using HilRig.Model.Runs;
using HilRig.Server.Api;
using HilRig.Server.Campaigns;
using HilRig.Server.Dispatch;
using NUnit.Framework;

namespace HilRig.Tests.Server.Campaigns;

/// <summary>Campaigns through the API, with agents on real connections.</summary>
public sealed class CampaignTests
{
    private const string Sequence = "sequence: ping\nboard: kv58\nsteps:\n  - ping\n";
    private static readonly string[] Places = ["kv58-1", "kv58-2"];
    private TestServer server = null!;
    private HandClock time = null!;

    [SetUp]
    public async Task Start()
    {
        time = new HandClock(RunScript.Evening);
        server = await TestServer.StartAsync(time: time);
    }

    [TearDown]
    public async Task Stop() => await server.DisposeAsync();

    [Test]
    public async Task It_runs_over_the_boards_until_its_goal_is_met()
    {
        await using var agent = await TestAgent.ArriveAsync(server, Places);
        var id = await OrderAsync(new CampaignRequest("nine clean", Sequence, "ping.yaml", "kv58", Limit: 0.3, CyclesPerRun: 4, Boards: 2, Release: "2.0.0+1f0c"));
        var cycles = new List<int>();
        for (var run = 0; run < 3; run++)
        {
            var order = await agent.NextOrderAsync();
            cycles.Add(order.Cycles!.Value);
            await FinishAsync(agent, order);
        }

        var view = await ViewAsync(id);

        Assert.That(cycles.Sum(), Is.EqualTo(9));
        Assert.That((view.Campaign.State, view.Progress.Done, view.Progress.Target, view.Progress.Boards), Is.EqualTo((CampaignState.Met, 9L, 9L, 2)));
        Assert.That(view.Progress.Bound, Is.LessThanOrEqualTo(0.3));
        Assert.That(await agent.HasNoOrderAsync("bench-1", Places), Is.True);
        Assert.That(await server.GetAsync<List<RunSummary>>($"/api/v1/campaigns/{id}/runs"), Has.Count.EqualTo(3));
    }

    [Test]
    public async Task A_miss_stops_what_still_runs()
    {
        await using var agent = await TestAgent.ArriveAsync(server, Places);
        var id = await OrderAsync(new CampaignRequest("clean", Sequence, "ping.yaml", "kv58", Limit: 0.01));
        var (first, second) = (await agent.NextOrderAsync(), await agent.NextOrderAsync());
        await agent.AppendAsync(new RunScript(first.RunId, first.Place).Cycle().Batch(first.Epoch));
        await agent.AppendAsync(new RunScript(second.RunId, second.Place).Cycle(RunScript.CumulativeWrite).Batch(second.Epoch));

        await BeatAsync();

        Assert.That(new[] { await agent.NextStopAsync(), await agent.NextStopAsync() }, Is.EquivalentTo(new[] { first.RunId, second.RunId }));
        Assert.That((await ViewAsync(id)).Campaign.State, Is.EqualTo(CampaignState.Missed));
    }

    [Test]
    public async Task A_pause_lets_a_run_finish_and_a_resume_goes_on()
    {
        await using var agent = await TestAgent.ArriveAsync(server, ["kv58-1"]);
        var id = await OrderAsync(new CampaignRequest("clean", Sequence, "ping.yaml", "kv58", Runs: 5, CyclesPerRun: 2));
        var order = await agent.NextOrderAsync();
        await ChangeAsync(id, "pause?because=power%20works", HttpStatusCode.NoContent);
        await ChangeAsync(id, "pause", HttpStatusCode.Conflict);
        await FinishAsync(agent, order);

        Assert.That(await agent.HasNoOrderAsync("bench-1", ["kv58-1"]), Is.True);
        Assert.That((await ViewAsync(id)).Progress.Waiting, Is.EqualTo("paused by local: power works"));
        await ChangeAsync(id, "resume", HttpStatusCode.NoContent);
        Assert.That((await agent.NextOrderAsync()).Cycles, Is.EqualTo(2));
        await ChangeAsync(id, "stop", HttpStatusCode.NoContent);
        await ChangeAsync(id, "resume", HttpStatusCode.Conflict);
        Assert.That((await ViewAsync(id)).Campaign, Has.Property("State").EqualTo(CampaignState.Stopped).And.Property("Because").EqualTo("stopped by local"));
    }

    [Test]
    public async Task Its_runs_are_told_to_stop_when_its_hours_are_over_and_go_on_the_next_night()
    {
        // 23:00 in Berlin; the clocks stand still but by hand.
        await using var agent = await TestAgent.ArriveAsync(server, ["kv58-1"]);
        var id = await OrderAsync(new CampaignRequest("nights", Sequence, "ping.yaml", "kv58", Runs: 5, Schedule: new ScheduleRequest("Europe/Berlin", "22:00", "06:00")));
        var order = await agent.NextOrderAsync();
        var run = new RunScript(order.RunId, at: time.GetUtcNow()).Cycle();
        await agent.AppendAsync(run.Batch(order.Epoch));

        time.Move(TimeSpan.FromHours(7));
        await BeatAsync();
        Assert.That(await agent.NextStopAsync(), Is.EqualTo(order.RunId));
        await agent.AppendAsync(run.End(EndReason.Aborted, "stopped by request").Batch(order.Epoch));
        Assert.That(await agent.HasNoOrderAsync("bench-1", ["kv58-1"]), Is.True);
        Assert.That((await ViewAsync(id)).Progress.Waiting, Is.EqualTo("its hours are 22:00 to 06:00, Europe/Berlin; they begin at 2026-01-22 21:00:00Z"));

        time.Move(TimeSpan.FromHours(16.1));
        await BeatAsync();
        Assert.That((await agent.NextOrderAsync()).RunId, Is.Not.EqualTo(order.RunId));
    }

    [Test]
    public async Task A_place_that_refuses_every_run_gets_no_more_of_them_and_says_so()
    {
        await using var agent = await TestAgent.ArriveAsync(server, ["kv58-1"]);
        var id = await OrderAsync(new CampaignRequest("clean", Sequence, "ping.yaml", "kv58", Limit: 0.01));
        for (var run = 0; run < 3; run++)
        {
            var order = await agent.NextOrderAsync();
            await agent.AppendAsync(new RunScript(order.RunId).End(EndReason.Refused, "no such step").Batch(order.Epoch));
        }

        Assert.That(await agent.HasNoOrderAsync("bench-1", ["kv58-1"]), Is.True);
        Assert.That((await ViewAsync(id)).Progress.Waiting, Is.EqualTo("the last runs on kv58-1 gave no cycle that counts; look at them, then resume the campaign"));
        time.Move(TimeSpan.FromMinutes(1));
        await ChangeAsync(id, "resume", HttpStatusCode.NoContent);
        await agent.NextOrderAsync();
    }

    [Test]
    public async Task A_place_out_of_rotation_gets_none_of_its_runs_until_its_agent_takes_it_back()
    {
        await using var agent = await TestAgent.ArriveAsync(server, Places);
        var (first, second) = (new PlaceInfo("kv58-1", "kv58", []), new PlaceInfo("kv58-2", "kv58", []));
        await agent.AnnounceAsync(first with { OutOfRotation = "no ping response" }, second);
        var id = await OrderAsync(new CampaignRequest("clean", Sequence, "ping.yaml", "kv58", Runs: 3, CyclesPerRun: 2));

        var order = await agent.NextOrderAsync();
        Assert.That(order.Place, Is.EqualTo("kv58-2"));
        await agent.AnnounceAsync(first with { OutOfRotation = "no ping response" }, second with { OutOfRotation = "no probe" });
        Assert.That(agent.HasOrders, Is.False);
        await FinishAsync(agent, order);
        Assert.That((await ViewAsync(id)).Progress.Waiting, Is.EqualTo("out of rotation: kv58-1, no ping response; kv58-2, no probe"));
        await agent.AnnounceAsync(first, second with { OutOfRotation = "no probe" });
        Assert.That((await agent.NextOrderAsync()).Place, Is.EqualTo("kv58-1"));
    }

    [Test]
    public async Task A_list_says_where_it_goes_on()
    {
        for (var number = 0; number < 3; number++)
            await OrderAsync(new CampaignRequest($"{number}", Sequence, "ping.yaml", "kv58", Runs: 1));
        using var first = await server.Http.GetAsync("/api/v1/campaigns?limit=2&state=running");
        Assert.That(first.Headers.Contains("Link"), await first.Content.ReadAsStringAsync());
        var next = first.Headers.GetValues("Link").Single();

        Assert.That(next, Does.Match("^</api/v1/campaigns\\?limit=2&state=running&cursor=c-.*>; rel=\"next\"$"));
        using var second = await server.Http.GetAsync(next[1..next.IndexOf('>', StringComparison.Ordinal)]);
        Assert.That((await second.Content.ReadFromJsonAsync<List<CampaignView>>(RunJson.Options))!.Single().Campaign.Plan.Name, Is.EqualTo("0"));
        Assert.That(second.Headers.Contains("Link"), Is.False);
        using var odd = await server.Http.GetAsync("/api/v1/campaigns?state=lost");
        Assert.That(odd.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(await odd.Content.ReadAsStringAsync(), Does.Contain("state: `lost` is not known; running, paused, met, missed, stopped are"));
    }

    [TestCase("""{"limit":0.1,"runs":1}""", "limit: give either")]
    [TestCase("""{}""", "limit: give either")]
    [TestCase("""{"limit":0}""", "limit: 0 is out of range")]
    [TestCase("""{"runs":0}""", "runs: 0")]
    [TestCase("""{"runs":1,"confidence":1}""", "confidence: 1")]
    [TestCase("""{"runs":1,"boards":0}""", "boards: 0")]
    [TestCase("""{"runs":1,"cyclesPerRun":0}""", "cyclesPerRun: 0")]
    [TestCase("""{"runs":1,"priority":101}""", "priority: 101")]
    [TestCase("""{"runs":1,"allowedFailures":-1}""", "allowedFailures: -1")]
    [TestCase("""{"runs":1,"schedule":{"zone":"Mars","from":"22:00","to":"06:00"}}""", "schedule.zone")]
    [TestCase("""{"runs":1,"schedule":{"zone":"UTC","from":"22:00","to":"06:00","days":["moonday"]}}""", "$.schedule.days")]
    [TestCase("""{"runs":1,"sequence":"stepz: 1"}""", "ping.yaml:")]
    [TestCase("""{"runs":1,"board":"../x"}""", "board: `../x`")]
    [TestCase("""{"runs":1,"name":" "}""", "name:")]
    public async Task What_is_no_campaign_is_refused_with_its_field(string fields, string subject)
    {
        var body = new Dictionary<string, object> { ["name"] = "a", ["sequence"] = Sequence, ["sequenceName"] = "ping.yaml", ["board"] = "kv58" };
        foreach (var field in System.Text.Json.JsonDocument.Parse(fields).RootElement.EnumerateObject())
            body[field.Name] = field.Value;

        using var response = await server.PostAsync("/api/v1/campaigns", body);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain(subject));
    }

    private async Task<string> OrderAsync(CampaignRequest request)
    {
        using var response = await server.PostAsync("/api/v1/campaigns", request);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Created), await response.Content.ReadAsStringAsync());
        return (await response.Content.ReadFromJsonAsync<CampaignView>(RunJson.Options))!.Campaign.Id;
    }

    private async Task ChangeAsync(string id, string verb, HttpStatusCode status)
    {
        using var response = await server.Http.PostAsync($"/api/v1/campaigns/{id}/{verb}", null);
        Assert.That(response.StatusCode, Is.EqualTo(status), await response.Content.ReadAsStringAsync());
    }

    private Task<CampaignView> ViewAsync(string id) => server.GetAsync<CampaignView>($"/api/v1/campaigns/{id}");

    private async Task FinishAsync(TestAgent agent, RunOrder order)
    {
        var run = new RunScript(order.RunId, order.Place, order.Cycles!.Value, time.GetUtcNow()).Cycles(order.Cycles.Value);
        await agent.AppendAsync(run.End().Batch(order.Epoch));
    }

    private async Task BeatAsync() => await server.Service<LeaseClock>().BeatAsync(default);
}
