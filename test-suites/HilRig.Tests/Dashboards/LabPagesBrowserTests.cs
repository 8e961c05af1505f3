using HilRig.Model.Rig;
using HilRig.Server.Campaigns;
using HilRig.Server.Storage;
using HilRig.Tests.Server;
using Microsoft.Playwright;
using NUnit.Framework;

namespace HilRig.Tests.Dashboards;

/// <summary>What only a browser does as a browser does: a form, a key, a file that it saves.</summary>
public sealed class LabPagesBrowserTests : BrowserFixture
{

    [OneTimeSetUp]
    public async Task Start()
    {
        Server = await TestServer.StartAsync(time: new HandClock(RunScript.Evening.AddHours(9)));
        await Server.StoreAsync(SampleNight.Night());
    }

    [Test]
    public async Task A_slash_leads_to_the_search_a_form_is_taken_and_a_view_is_saved_as_a_file()
    {
        await using var agent = await TestAgent.ArriveAsync(Server, ["kv58-1"]);
        var page = await OpenAsync();
        await page.GotoAsync("/places");
        await page.Locator("#link.live").WaitForAsync();
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("kv58-1");
        await Assertions.Expect(page.GetByRole(AriaRole.Searchbox)).ToHaveValueAsync("kv58-1");
        await page.Keyboard.PressAsync("Enter");
        await page.ReachAsync("**/search?q=kv58-1");
        await page.GetByRole(AriaRole.Link, new() { Name = "kv58-1", Exact = true }).First.ClickAsync();

        await page.GetByLabel("Why").FillAsync("the bench is needed");
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause", Exact = true }).ClickAsync();
        await page.GetByText("paused by local: the bench is needed").First.WaitForAsync();

        await page.GotoAsync("/places");
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "CSV" }).ClickAsync());
        Assert.That(download.SuggestedFilename, Is.EqualTo("places.csv"));
        Assert.That(await File.ReadAllTextAsync(await download.PathAsync()), Does.Contain("State,Place,Agent").And.Contain("kv58-1"));
        await Server.PostAsync("/api/v1/places/kv58-1/resume", new { });
        Assert.That(Complaints, Is.Empty);
    }

    [Test]
    public async Task A_campaigns_bound_is_drawn_and_saved_as_a_picture()
    {
        await using var agent = await TestAgent.ArriveAsync(Server, ["kv58-9"]);
        using var ordered = await Server.PostAsync("/api/v1/campaigns", new CampaignRequest("nightly", "sequence: ping\nboard: kv58\nsteps:\n  - ping\n", "ping.yaml", "kv58", Limit: 0.01, CyclesPerRun: 4));
        var address = ordered.EnsureSuccessStatusCode().Headers.Location!.ToString();
        for (var finished = 0; finished < 2; finished++)
        {
            var order = await agent.NextOrderAsync();
            var run = new RunScript(order.RunId, order.Place, order.Cycles!.Value, RunScript.Evening.AddHours(9).AddMinutes(10 * finished)).Cycles(order.Cycles.Value);
            await agent.AppendAsync(run.End().Batch(order.Epoch));
        }
        await Server.Http.PostAsync($"{address}/stop", null);
        var page = await OpenAsync();
        await page.GotoAsync(address.Replace("/api/v1", "", StringComparison.Ordinal));

        await page.Locator("rate-chart canvas").WaitForAsync();
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "PNG" }).ClickAsync());
        Assert.That(download.SuggestedFilename, Does.EndWith(".png"));
        await download.SaveAsAsync(Browser.PictureOf("bound-saved"));
        Assert.That(Complaints, Is.Empty);
    }
}
