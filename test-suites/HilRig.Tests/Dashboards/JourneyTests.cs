using HilRig.Server.Webhooks;
using HilRig.Tests.Server;
using Microsoft.Playwright;
using NUnit.Framework;

namespace HilRig.Tests.Dashboards;

/// <summary>What a person does in a filled rig: by Tab and Enter alone, and what is seen before anybody scrolls.</summary>
public sealed class JourneyTests : BrowserFixture
{
    private const int MostTabs = 150;
    private FilledRig rig = null!;

    [OneTimeSetUp]
    public async Task Start() => rig = await FilledRig.StartAsync();

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (rig is not null)
            await rig.DisposeAsync();
    }

    [Test]
    public async Task From_the_rack_to_a_failing_run_ordered_once_more_by_Tab_and_Enter_alone()
    {
        var page = await OpenRackAsync();

        await EnterAsync(page, page.Locator($"article a[href='/failures/{rig.FlagId}']"), $"**/failures/{rig.FlagId}");
        await EnterAsync(page, page.GetByRole(AriaRole.Button, new() { NameRegex = new("once more$") }), "**/runs/r-*");
        await page.GetByText("This run has not begun").WaitForAsync();

        Assert.That(Complaints, Is.Empty);
    }

    [Test]
    public async Task From_the_rack_to_a_campaign_that_is_paused_and_resumed_by_Tab_and_Enter_alone()
    {
        var page = await OpenRackAsync();

        await EnterAsync(page, page.GetByRole(AriaRole.Link, new() { Name = "Campaigns", Exact = true }), "**/campaigns");
        await EnterAsync(page, page.Locator($"main a[href='/campaigns/{rig.CampaignId}']"), $"**/campaigns/{rig.CampaignId}");
        await EnterAsync(page, page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Pause") }), $"**/campaigns/{rig.CampaignId}");
        await page.GetByText("paused by local: by hand").WaitForAsync();
        await EnterAsync(page, page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Resume") }), $"**/campaigns/{rig.CampaignId}");
        await page.GetByText("paused by local: by hand").WaitForAsync(new() { State = WaitForSelectorState.Detached });

        Assert.That(Complaints, Is.Empty);
    }

    [Test]
    public async Task The_first_screen_answers_without_scrolling()
    {
        var page = await rig.OpenAsync(Browser, Complaints);

        await RequireInSightAsync(page, $"/campaigns/{rig.CampaignId}", "progress", ".lead", "form button", "dt:has-text('Done at this pace')", "dd .rate");
        await RequireInSightAsync(page, $"/failures/{rig.FlagId}", ".lead", ".triggers .best");
        await RequireInSightAsync(page, "/night?date=2026-01-21", "#hands", "#hands-kv58-2 .action", ".lead", ".card");
        await RequireInSightAsync(page, "/releases", ".list .mark", ".list .rate", ".list a[href^='/releases/']");
        await RequireInSightAsync(page, $"/releases/{Uri.EscapeDataString(FilledRig.Release)}", "h1 + .mark", ".lead", "progress");
    }

    [Test]
    public async Task A_failures_nights_are_drawn_tell_their_numbers_and_are_saved_as_a_picture_and_as_text()
    {
        var page = await rig.OpenAsync(Browser, Complaints);
        await page.GotoAsync($"/failures/{rig.FlagId}");
        var bars = page.Locator("section night-bars[data-painted]");
        await bars.Locator(".u-over").HoverAsync(new() { Position = new() { X = 15, Y = 40 } });

        await bars.Locator("p[role=status]").GetByText("Night of 2026-01-20: 1/300 → 0.33 % [0.02–1.82]").WaitForAsync();
        var picture = await page.RunAndWaitForDownloadAsync(() => bars.GetByRole(AriaRole.Button, new() { Name = "PNG" }).ClickAsync());
        Assert.That(picture.SuggestedFilename, Is.EqualTo($"{rig.FlagId}.png"));
        await picture.SaveAsAsync(Browser.PictureOf("nights-saved"));
        var text = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "CSV" }).ClickAsync());
        Assert.That(await File.ReadAllTextAsync(await text.PathAsync()), Does.Contain("2026-01-20,1/300 → 0.33 % [0.02–1.82]"));
        await page.GotoAsync("/failures");
        await page.Locator("article night-bars[data-painted] canvas").First.WaitForAsync();
        Assert.That(Complaints, Is.Empty);
    }

    [Test]
    public async Task Cards_and_tiles_are_had_as_a_table_too()
    {
        var page = await rig.OpenAsync(Browser, Complaints);

        Assert.That(await ExportAsync("/failures"), Does.Contain("Class,Failure,Rate,Best trigger").And.Contain("update · write-memory · 10203 kStatusMemoryCumulativeWrite").And.Contain("update · ping · no-response"));
        Assert.That(await ExportAsync("/"), Does.Contain("State,Place,Agent").And.Contain("kv58-2").And.Contain("./rig agent unwedge --place kv58-2"));
        Assert.That(Complaints, Is.Empty);

        async Task<string> ExportAsync(string address)
        {
            await page.GotoAsync(address);
            var text = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "CSV" }).ClickAsync());
            return await File.ReadAllTextAsync(await text.PathAsync());
        }
    }

    [Test]
    public async Task What_somebody_changes_shows_on_an_open_audit_by_itself()
    {
        var page = await rig.OpenAsync(Browser, Complaints);
        await page.GotoAsync("/settings/audit?who=local");
        await page.Locator("#link.live").WaitForAsync();

        (await rig.Server.PostAsync("/api/v1/webhooks", new WebhookRequest("http://127.0.0.1:9/second", [Announcement.NightReport]))).EnsureSuccessStatusCode();

        await page.GetByRole(AriaRole.Cell, new() { Name = "http://127.0.0.1:9/second" }).WaitForAsync();
        Assert.That(Complaints, Is.Empty);
    }

    /// <summary>The first of each that there is stands wholly on a screen of 1280 to 800.</summary>
    private static async Task RequireInSightAsync(IPage page, string address, params string[] wanted)
    {
        await page.GotoAsync(address);
        await page.ScreenshotAsync(new() { Path = Browser.PictureOf($"first{address.Split('?')[0].Split('/')[1].Insert(0, "-")}-{wanted.Length}") });
        foreach (var selector in wanted)
        {
            var box = await page.Locator($"main {selector}").First.BoundingBoxAsync();
            Assert.That(box!.Y + box.Height, Is.LessThanOrEqualTo(800), $"{address}: {selector}");
        }
    }

    private async Task<IPage> OpenRackAsync()
    {
        var page = await rig.OpenAsync(Browser, Complaints);
        await page.GotoAsync("/");
        return page;
    }

    /// <summary>Goes on by Tab until the focus is there and seen, then presses Enter.</summary>
    private static async Task EnterAsync(IPage page, ILocator target, string address)
    {
        await target.First.WaitForAsync();
        for (var tabs = 0; !await target.EvaluateAsync<bool>("element => element === document.activeElement"); tabs++)
        {
            Assert.That(tabs, Is.LessThan(MostTabs), $"{address} is not reached by Tab");
            await page.Keyboard.PressAsync("Tab");
        }
        Assert.That(await target.EvaluateAsync<string>("element => getComputedStyle(element).outlineStyle"), Is.Not.EqualTo("none"), "the focus is seen");
        await page.Keyboard.PressAsync("Enter");
        await page.ReachAsync(address);
    }
}
