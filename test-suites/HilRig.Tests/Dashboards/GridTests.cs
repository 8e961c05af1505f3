using System.Net;
using HilRig.Model.Runs;
using HilRig.Tests.Server;
using NUnit.Framework;

namespace HilRig.Tests.Dashboards;

/// <summary>The grid in a real Chromium and without script.</summary>
public sealed class GridTests
{
    private readonly List<string> complaints = [];
    private TestServer server = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        server = await TestServer.StartAsync();
        for (var night = 0; night < 12; night++)
        {
            foreach (var place in new[] { "kv58-1", "kv58-2" })
            {
                var run = new RunScript($"r-{place}-{night}", place, at: RunScript.Evening.AddDays(night)).Cycle().Cycle(place == "kv58-2" && night % 3 == 0 ? RunScript.CumulativeWrite : null);
                await server.StoreAsync(run.End());
            }
        }
    }

    [OneTimeTearDown]
    public async Task Stop() => await server.DisposeAsync();

    [Test]
    public async Task Without_script_each_line_reads_as_text_and_leads_further_in()
    {
        var page = WebUtility.HtmlDecode(await server.Http.GetStringAsync("/grid?lines=place&nights=12"));
        var cycles = WebUtility.HtmlDecode(await server.Http.GetStringAsync("/grid?lines=run&place=kv58-2"));

        Assert.That(page, Does.Contain("<span>oooooooooooo</span>").And.Contain("<span>xooxooxooxoo</span>").And.Contain("data-bad=\"0:1/2 3:1/2 6:1/2 9:1/2\""));
        Assert.That(page, Does.Contain("2 places, 1 with failed cycles").And.Contain("place=kv58-2"));
        Assert.That(cycles, Does.Contain("r-kv58-2-9").And.Contain("<span>ox</span>").And.Not.Contain("r-kv58-1-9"));
        Assert.That(await server.Http.GetStringAsync("/grid?sequence=none"), Does.Contain("Nothing ran in what is asked for"));
    }

    [Test]
    public async Task The_same_is_had_as_JSON_and_CSV_and_a_word_that_is_none_is_refused()
    {
        var grid = await server.GetAsync<ResultGrid>("/api/v1/grid?lines=place&nights=12");
        var csv = await server.Http.GetStringAsync("/api/v1/grid.csv?lines=place&nights=12");

        Assert.That(grid.Lines[1].Cells.Count(cell => cell.Failed > 0), Is.EqualTo(4));
        Assert.That(csv, Does.StartWith("line,column,runs,cycles,failed,other\n").And.Contain("kv58-2,night of 2026-01-24,1,2,1,0"));
        Assert.That((await server.Http.GetAsync("/api/v1/grid?lines=colour")).StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That((await server.Http.GetAsync("/api/v1/grid?nights=5000")).StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task Keys_lead_to_a_cell_and_Enter_to_its_runs()
    {
        await using var browser = await Browser.StartAsync();
        var page = await browser.OpenAsync(server.Url, complaints);
        await page.GotoAsync("/grid?lines=place&nights=12");
        await page.Locator("rig-grid[data-painted]").WaitForAsync();

        await page.Locator(".grid-cover").FocusAsync();
        foreach (var key in new[] { "ArrowDown", "ArrowRight", "ArrowRight", "ArrowRight" })
            await page.Keyboard.PressAsync(key);
        await page.Locator("rig-grid p[role=status]").GetByText("kv58-2, 2026-01-24: failed 1/2").WaitForAsync();
        await page.Locator(".grid-cover").PressAsync("Enter");
        await page.ReachAsync("**/grid?**column=2026-01-24#cell");

        await page.GetByText("r-kv58-2-3").WaitForAsync();
        Assert.That(await page.GetByText("r-kv58-2-4").CountAsync(), Is.Zero);
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "PNG" }).ClickAsync());
        Assert.That(download.SuggestedFilename, Is.EqualTo("grid.png"));
        await browser.CloseAsync();
        Assert.That(complaints, Is.Empty);
    }
}
