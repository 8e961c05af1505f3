using System.Web;
using HilRig.Model.Runs;
using HilRig.Server.Storage;
using HilRig.Tests.Server;
using HilRig.Tests.Server.Timelines;
using Microsoft.Playwright;
using NUnit.Framework;

namespace HilRig.Tests.Dashboards;

/// <summary>The run's timeline in a real Chromium: by mouse, by keys, while the run goes on, and without script.</summary>
public sealed class TimelineTests : BrowserFixture
{
    private const string Ready = ".timeline[data-ready]";

    [OneTimeSetUp]
    public async Task Start() => Server = await TestServer.StartAsync();

    [Test]
    public async Task First_failure_is_one_key_away_its_packet_is_decoded_and_the_address_tells_all_of_it()
    {
        await Server.StoreAsync(await CapturedAsync("r-failed"));
        var page = await OpenRunAsync("r-failed");

        await page.Keyboard.PressAsync("f");
        await page.Locator(".picked .failure").GetByText("answered 10203").WaitForAsync();
        await page.Locator("run-timeline p[role=status]").GetByText("250 ms").WaitForAsync();
        await WaitForAsync(page, "from");
        await page.Locator(".lanes").FocusAsync();
        for (var lane = 0; lane < 4; lane++)
            await page.Keyboard.PressAsync("ArrowUp");
        await page.Locator(".picked").GetByText("generic-response 10203").WaitForAsync();

        Assert.That(await page.Locator(".picked table").InnerTextAsync(), Does.Contain("CRC").And.Contain("0x000027DB (10203)"));
        await page.ScreenshotAsync(new() { Path = Browser.PictureOf("timeline-packet"), FullPage = false });
        await page.GotoAsync(page.Url);
        await page.Locator(".picked").GetByText("generic-response 10203").WaitForAsync();
        Assert.That(Complaints, Is.Empty);
    }

    [Test]
    public async Task Wheel_and_drag_zoom_and_two_clicks_measure()
    {
        await Server.StoreAsync(await CapturedAsync("r-measured"));
        var page = await OpenRunAsync("r-measured");
        var over = page.Locator(".lanes .u-over");
        var box = (await over.BoundingBoxAsync())!;

        await over.HoverAsync();
        await page.Mouse.WheelAsync(0, -300);
        var wheeled = await WaitForAsync(page, "from");
        await page.Mouse.MoveAsync(box.X + 100, box.Y + 20);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(box.X + 300, box.Y + 20, new() { Steps = 4 });
        await page.Mouse.UpAsync();
        await page.WaitForFunctionAsync("before => new URLSearchParams(location.search).get('from') !== before", wheeled);
        await page.Keyboard.PressAsync("m");
        await page.Mouse.ClickAsync(box.X + 100, box.Y + 10);
        await page.Mouse.ClickAsync(box.X + 400, box.Y + 10);

        await page.Locator("run-timeline p[role=status]").GetByText("Measured:").WaitForAsync();
        var moments = (await WaitForAsync(page, "measure")).Split('-').Select(long.Parse).ToList();
        Assert.That(moments[1], Is.GreaterThan(moments[0]));
        await page.Keyboard.PressAsync("z");
        await page.WaitForFunctionAsync("() => new URLSearchParams(location.search).get('from') === null");
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "PNG" }).ClickAsync());
        Assert.That(download.SuggestedFilename, Is.EqualTo("timeline.png"));
        await download.SaveAsAsync(Browser.PictureOf("timeline-saved"));
        Assert.That(Complaints, Is.Empty);
    }

    [Test]
    public async Task What_arrives_leaves_the_view_where_it_is_until_the_reader_follows_the_tail()
    {
        await Server.StoreAsync(new RunScript("r-live", cycles: 99).Cycle().Cycle());
        var page = await OpenRunAsync("r-live");
        await page.Locator("#link.live").WaitForAsync();
        await page.Locator(".lanes").FocusAsync();
        await page.Keyboard.PressAsync("+");
        var from = await WaitForAsync(page, "from");

        await Server.StoreAsync(new RunScript("r-live", cycles: 99).Cycle().Cycle().Cycle());
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("Follow the tail .*newer") }).WaitForAsync();
        Assert.That(await WaitForAsync(page, "from"), Is.EqualTo(from), "it stays");

        await page.Keyboard.PressAsync("t");
        await page.WaitForFunctionAsync("before => Number(new URLSearchParams(location.search).get('from')) > Number(before)", from);
        var followed = await WaitForAsync(page, "from");
        await Server.StoreAsync(new RunScript("r-live", cycles: 99).Cycle().Cycle().Cycle().Cycle());
        await page.WaitForFunctionAsync("before => Number(new URLSearchParams(location.search).get('from')) > Number(before)", followed);
        Assert.That(Complaints, Is.Empty);
    }

    [Test]
    public async Task Without_script_the_same_stretch_is_a_table()
    {
        await Server.StoreAsync(await CapturedAsync("r-table"));

        var whole = await Server.Http.GetStringAsync("/runs/r-table/timeline");
        var failure = (await Server.GetAsync<RunTimeline>("/api/v1/runs/r-table/timeline")).FirstFailure!;
        var stretch = HttpUtility.HtmlDecode(await Server.Http.GetStringAsync($"/runs/r-table/timeline?from={failure.Until - 20_000_000}&to={failure.Until}"));

        Assert.That(await Server.Http.GetStringAsync("/runs/r-table"), Does.Contain("href=\"/runs/r-table/timeline\""));
        Assert.That(whole, Does.Contain("Earlier half").And.Contain("First failure"));
        Assert.That(stretch, Does.Contain("generic-response 10203").And.Contain("5AA40C0007D1A0000002DB27000004000000").And.Not.Contain("OUTP OFF"));
    }

    private async Task<IPage> OpenRunAsync(string runId)
    {
        var page = await OpenAsync();
        await page.GotoAsync($"/runs/{runId}");
        await page.Locator(Ready).WaitForAsync();
        return page;
    }

    /// <summary>A part of the address, once it is there.</summary>
    private static async Task<string> WaitForAsync(IPage page, string name)
    {
        await page.WaitForFunctionAsync("name => new URLSearchParams(location.search).has(name)", name);
        return HttpUtility.ParseQueryString(new Uri(page.Url).Query)[name]!;
    }

    private async Task<RunScript> CapturedAsync(string runId)
    {
        var run = new RunScript(runId, cycles: 9).Cycle().Cycle();
        var end = run.Events[^1].At.AddMilliseconds(5 * 137);
        var artifacts = Server.Service<ArtifactStore>();
        return run.Cycle(RunScript.CumulativeWrite, evidence:
        [
            new(EvidenceKinds.LinkTrace, "last packets on the line", "", null, await artifacts.SaveAsync(Traces.Packets(end), default), 1),
            new(EvidenceKinds.BenchTrace, "what probe and supply were told last", "", null, await artifacts.SaveAsync(Traces.Acts(end), default), 1),
        ]).Cycle().Cycle().End();
    }
}
