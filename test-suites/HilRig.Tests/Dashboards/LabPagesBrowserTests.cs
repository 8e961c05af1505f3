using HilRig.Model.Rig;
using HilRig.Server.Campaigns;
using HilRig.Server.Storage;
using HilRig.Tests.Server;
using Microsoft.Playwright;
using NUnit.Framework;

namespace HilRig.Tests.Dashboards;

/// <summary>Night, releases, places, settings, compare and search in a real Chromium; and a form, which only a browser sends as a browser does.</summary>
public sealed class LabPagesBrowserTests
{
    private readonly List<string> complaints = [];
    private Browser? browser;
    private TestServer server = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        browser = await Browser.StartAsync();
        server = await TestServer.StartAsync(time: new HandClock(RunScript.Evening.AddHours(9)));
        foreach (var run in Campaign.Night())
            Assert.That((await server.Service<IngestWriter>().AppendAsync(run.Batch(), default)).Refusal, Is.Null);
        (await server.PostAsync("/api/v1/sign-offs", new { plan = "release: 2.0.0+1f0c\nlimit: 0.001\nplaces: [kv58-1, kv58-2]\nmix: {re-update: 1}\n" })).EnsureSuccessStatusCode();
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (server is not null)
            await server.DisposeAsync();
        if (browser is not null)
            await browser.DisposeAsync();
    }

    [SetUp]
    public void Forget() => complaints.Clear();

    [TearDown]
    public Task Close() => browser!.CloseAsync();

    [TestCase(360, 740, ColorScheme.Dark)]
    [TestCase(1280, 900, ColorScheme.Light)]
    public async Task Every_page_fits_breaks_no_rule_of_accessibility_and_has_no_complaint(int width, int height, ColorScheme scheme)
    {
        await using var agent = await TestAgent.ArriveAsync(server, ["kv58-1", "kv58-2"]);
        await agent.AnnounceAsync(new PlaceInfo("kv58-2", "kv58", [], "its board did not come back"));
        var page = await browser!.OpenAsync(server.Url, complaints, width, height, scheme);

        await Browser.RequireGoodAsync(
            page,
            [
                ("night", "/night?date=2026-01-21"), ("releases", "/releases"), ("release", "/releases/2.0.0%2B1f0c"), ("places", "/places"), ("place", "/places/kv58-2"),
                ("settings", "/settings"), ("audit", "/settings/audit"), ("compare", "/compare?a=r-20260121-220000-kv58-1-0001&b=r-20260121-220100-kv58-4-0002"), ("search", "/search?q=10203"),
            ],
            $"{width}-{scheme}", isFirstScreen: scheme is ColorScheme.Light);
        Assert.That(complaints, Is.Empty);
    }

    [Test]
    public async Task A_slash_leads_to_the_search_a_form_is_taken_and_a_view_is_saved_as_a_file()
    {
        await using var agent = await TestAgent.ArriveAsync(server, ["kv58-1"]);
        var page = await browser!.OpenAsync(server.Url, complaints);
        await page.GotoAsync("/places");
        await page.Locator("#link.live").WaitForAsync();
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("kv58-1");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/search?q=kv58-1");
        await page.GetByRole(AriaRole.Link, new() { Name = "kv58-1", Exact = true }).First.ClickAsync();

        await page.GetByLabel("Why").FillAsync("the bench is needed");
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause", Exact = true }).ClickAsync();
        await page.GetByText("paused by local: the bench is needed").First.WaitForAsync();

        await page.GotoAsync("/places");
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "CSV" }).ClickAsync());
        Assert.That(download.SuggestedFilename, Is.EqualTo("places.csv"));
        Assert.That(await File.ReadAllTextAsync(await download.PathAsync()), Does.Contain("State,Place,Agent").And.Contain("kv58-1"));
        await server.PostAsync("/api/v1/places/kv58-1/resume", new { });
        Assert.That(complaints, Is.Empty);
    }

    [Test]
    public async Task A_campaigns_bound_is_drawn_and_saved_as_a_picture()
    {
        await using var agent = await TestAgent.ArriveAsync(server, ["kv58-9"]);
        using var ordered = await server.PostAsync("/api/v1/campaigns", new CampaignRequest("nightly", "sequence: ping\nboard: kv58\nsteps:\n  - ping\n", "ping.yaml", "kv58", Limit: 0.01, CyclesPerRun: 4));
        var address = ordered.EnsureSuccessStatusCode().Headers.Location!.ToString();
        for (var finished = 0; finished < 2; finished++)
        {
            var order = await agent.NextOrderAsync();
            var run = new RunScript(order.RunId, order.Place, order.Cycles!.Value, RunScript.Evening.AddHours(9).AddMinutes(10 * finished)).Cycles(order.Cycles.Value);
            await agent.AppendAsync(run.End().Batch(order.Epoch));
        }
        await server.Http.PostAsync($"{address}/stop", null);
        var page = await browser!.OpenAsync(server.Url, complaints);
        await page.GotoAsync(address.Replace("/api/v1", "", StringComparison.Ordinal));

        await page.Locator("rate-chart canvas").WaitForAsync();
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "PNG" }).ClickAsync());
        Assert.That(download.SuggestedFilename, Does.EndWith(".png"));
        await download.SaveAsAsync(Browser.PictureOf("bound-saved"));
        Assert.That(complaints, Is.Empty);
    }
}
