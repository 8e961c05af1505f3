using HilRig.Model.Flags;
using HilRig.Model.Rig;
using HilRig.Model.Runs;
using HilRig.Server.Campaigns;
using HilRig.Server.Storage.Postgres;
using HilRig.Server.Webhooks;
using HilRig.Tests.Server;
using Microsoft.Playwright;
using NUnit.Framework;

namespace HilRig.Tests.Dashboards;

/// <summary>
/// A server on which everything has happened that a page can show: two nights, a failure with its trigger, its change, and what was found out about
/// it; a sign-off with void cycles; a campaign under way; a board that needs hands; a run that waits; a webhook.
/// </summary>
internal sealed class FilledRig : IAsyncDisposable
{
    public const string Release = "2.0.0+1f0c";
    public const string LongRun = "r-20260120-220000-kv58-1-0001";
    public const string FailingRun = "r-20260121-220000-kv58-1-0001";
    public const string CleanRun = "r-20260121-220100-kv58-4-0002";
    private const string Sequence = "sequence: re-update\nboard: kv58\nsteps:\n  - update\n";
    private readonly TestAgent agent;
    private readonly HandClock clock;

    private FilledRig(TestServer server, TestAgent agent, HandClock clock) => (Server, this.agent, this.clock) = (server, agent, clock);

    public TestServer Server { get; }

    public TestAgent Agent => agent;

    /// <summary>The gravest claim, which was followed to its reproducer.</summary>
    public string FlagId { get; private set; } = "";

    public string CampaignId { get; private set; } = "";

    public string WebhookId { get; private set; } = "";

    /// <summary>Where each route leads on the filled </summary>
    public IReadOnlyDictionary<string, string> Addresses => new Dictionary<string, string>
    {
        ["/"] = "/",
        ["/runs"] = "/runs",
        ["/runs/{RunId}"] = $"/runs/{FailingRun}",
        ["/runs/{RunId}/timeline"] = $"/runs/{LongRun}/timeline",
        ["/campaigns"] = "/campaigns",
        ["/campaigns/{CampaignId}"] = $"/campaigns/{CampaignId}",
        ["/failures"] = "/failures",
        ["/failures/{FlagId}"] = $"/failures/{FlagId}",
        ["/grid"] = "/grid?lines=place&nights=30",
        ["/night"] = "/night?date=2026-01-21",
        ["/releases"] = "/releases",
        ["/releases/{ReleaseName}"] = $"/releases/{Uri.EscapeDataString(Release)}",
        ["/compare"] = $"/compare?a={FailingRun}&b={CleanRun}",
        ["/places"] = "/places",
        ["/places/{Name}"] = "/places/kv58-2",
        ["/settings"] = "/settings",
        ["/settings/audit"] = "/settings/audit",
        ["/settings/webhooks/{WebhookId}"] = $"/settings/webhooks/{WebhookId}",
        ["/search"] = "/search?q=10203",
        ["/login"] = "/login",
        ["/numbers"] = "/numbers",
    };

    public static async Task<FilledRig> StartAsync(DatabaseAddress? database = null)
    {
        var clock = new HandClock(RunScript.Evening.AddHours(9));
        var server = await TestServer.StartAsync(database, clock, with: options => options with { PrivateWebhooks = true, InvestigatePause = TimeSpan.FromMilliseconds(20) });
        var before = new RunScript(LongRun, cycles: 300, at: RunScript.Evening.AddDays(-1));
        for (var cycle = 0; cycle < 300; cycle++)
            before.Cycle(cycle == 200 ? RunScript.CumulativeWrite : null, appAtBoot: cycle == 200 ? "application" : "blank");
        await server.StoreAsync(SampleNight.Night().Append(before.End()));
        (await server.PostAsync("/api/v1/sign-offs", new { plan = $"release: {Release}\nlimit: 0.001\nplaces: [kv58-1, kv58-9]\nmix: {{re-update: 1}}\n" })).EnsureSuccessStatusCode();
        var rig = new FilledRig(server, await TestAgent.ArriveAsync(server, ["kv58-1", "kv58-2", "kv58-9"]), clock);
        await rig.FailAndFollowAsync();
        await rig.agent.AnnounceAsync(new PlaceInfo("kv58-2", "kv58", [], "its board did not come back"));
        await rig.BeginCampaignAsync();
        rig.WebhookId = (await (await server.PostAsync("/api/v1/webhooks", new WebhookRequest("http://127.0.0.1:9/", [Announcement.NightReport]))).EnsureSuccessStatusCode().Content.ReadAsStringAsync()).Split("\"id\":\"")[1].Split('"')[0];
        await rig.OrderAsync("kv58-77");
        return rig;
    }

    public Task<IPage> OpenAsync(Browser browser, List<string> complaints) => browser.OpenAsync(Server.Url, complaints, height: 800);

    public async ValueTask DisposeAsync()
    {
        await agent.DisposeAsync();
        await Server.DisposeAsync();
    }

    /// <summary>A run that the server ordered fails; somebody asks why, and the agent answers until the reproducer is proven.</summary>
    private async Task FailAndFollowAsync()
    {
        await OrderAsync("kv58-1");
        var order = await agent.NextOrderAsync();
        await agent.AppendAsync(Failing(order).Cycle(new HilRig.Model.Runs.Failure("probe", "rig", "", "the probe is gone"), Layer.Rig).End().Batch(order.Epoch));
        FlagId = (await Server.GetAsync<List<Flag>>("/api/v1/flags"))[0].Id;
        (await Server.PostAsync($"/api/v1/flags/{FlagId}/investigate", new { })).EnsureSuccessStatusCode();
        for (var left = 200; left > 0; left--)
        {
            var asked = await agent.NextOrderAsync();
            await agent.AppendAsync(Failing(asked).End().Batch(asked.Epoch));
            if (asked.SequenceName.StartsWith("proof-", StringComparison.Ordinal) && await IsProvenAsync())
                return;
        }
        Assert.Fail("no reproducer was proven");
    }

    private async Task<bool> IsProvenAsync()
    {
        for (var left = 50; left > 0 && !agent.HasOrders; left--)
        {
            if ((await Server.GetAsync<List<InvestigationReport>>("/api/v1/investigations")).Any(report => report.Proven is not null))
                return true;
            await Task.Delay(20);
        }
        return false;
    }

    /// <summary>Two of its runs are over, one with a void cycle and a failing one; the next has begun.</summary>
    private async Task BeginCampaignAsync()
    {
        using var ordered = await Server.PostAsync("/api/v1/campaigns", new CampaignRequest("nightly", Sequence, "re-update.yaml", "kv58", Limit: 0.01, AllowedFailures: 2, CyclesPerRun: 6));
        CampaignId = ordered.EnsureSuccessStatusCode().Headers.Location!.ToString().Split('/')[^1];
        foreach (var isLast in new[] { false, false, true })
        {
            var order = await agent.NextOrderAsync();
            var run = new RunScript(order.RunId, order.Place, order.Cycles!.Value, clock.GetUtcNow()).Cycles(3);
            if (!isLast)
                run.Cycle(new HilRig.Model.Runs.Failure("probe", "rig", "", "the probe is gone"), Layer.Rig).Cycle(RunScript.CumulativeWrite, appAtBoot: "application", evidence: SampleNight.StaleCache).Cycle().End();
            await agent.AppendAsync(run.Batch(order.Epoch));
            clock.Move(TimeSpan.FromMinutes(2));
        }
    }

    private async Task OrderAsync(string place) =>
        (await Server.PostAsync("/api/v1/runs", new { place, sequenceName = "re-update.yaml", sequence = Sequence, cycles = 20, seed = 3 })).EnsureSuccessStatusCode();

    private RunScript Failing(RunOrder order)
    {
        var script = new RunScript(order.RunId, order.Place, order.Cycles!.Value, clock.GetUtcNow());
        for (var cycle = 0; cycle < order.Cycles; cycle++)
            script.Cycle(RunScript.CumulativeWrite, appAtBoot: "application");
        return script;
    }
}
