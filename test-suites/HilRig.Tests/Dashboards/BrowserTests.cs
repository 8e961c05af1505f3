using HilRig.Model.Flags;
using HilRig.Model.Rig;
using HilRig.Server.Storage;
using HilRig.Tests.Server;
using Microsoft.Playwright;
using NUnit.Framework;

namespace HilRig.Tests.Dashboards;

/// <summary>Pages as a reader has them: in a real Chromium, light and dark, narrow and wide, while things happen.</summary>
public sealed class BrowserTests : BrowserFixture
{
    private TestServer server = null!;

    [SetUp]
    public async Task StartServer() => Server = server = await TestServer.StartAsync();

    [TearDown]
    public async Task StopServer()
    {
        await ClosePages();
        await server.DisposeAsync();
        Server = null!;
    }

    [TestCase(360, 740, ColorScheme.Dark)]
    [TestCase(3840, 2160, ColorScheme.Light)]
    public async Task Two_hundred_boards_fit_and_the_one_that_needs_hands_stands_first(int width, int height, ColorScheme scheme)
    {
        var places = Enumerable.Range(1, 200).Select(number => $"kv58-{number:000}").ToArray();
        await using var agent = await TestAgent.ArriveAsync(server, places);
        await agent.AnnounceAsync(new PlaceInfo("kv58-142", "kv58", [], "its board did not come back"));
        foreach (var place in places[..20])
            await Server.StoreAsync(new RunScript($"r-{place}", place, cycles: 9).Cycle());
        var page = await OpenAsync(width, height, scheme);

        foreach (var address in new[] { "/", "/places" })
        {
            await page.GotoAsync(address);
            await Browser.RequireFitAsync(page, address);
        }

        await page.GotoAsync("/");
        Assert.That(await page.Locator(".rack > *").CountAsync(), Is.EqualTo(200));
        Assert.That((await page.Locator("#hands-kv58-142").BoundingBoxAsync())!.Y, Is.LessThan(height / 2), "on the first screen");
        Assert.That(Complaints, Is.Empty);
    }

    [Test]
    public async Task What_happens_shows_within_a_second_and_leaves_the_reader_where_he_was()
    {
        await Server.StoreAsync(new RunScript("r-1", cycles: 9).Cycle(RunScript.CumulativeWrite).Cycle());
        var page = await OpenAsync(height: 400);
        await page.GotoAsync("/runs/r-1");
        await page.Locator("#link.live").WaitForAsync();
        await page.Locator("#cycle-2 > summary").ClickAsync();
        await page.EvaluateAsync("scrollTo(0, 150)");

        var run = new RunScript("r-1", cycles: 9).Cycle(RunScript.CumulativeWrite).Cycle();
        var shown = new List<long>();
        for (var cycle = 3; cycle <= 7; cycle++)
        {
            await Server.StoreAsync(run.Cycle());
            var watch = System.Diagnostics.Stopwatch.StartNew();
            await page.GetByText($"{cycle} of 9").First.WaitForAsync();
            shown.Add(watch.ElapsedMilliseconds);
        }

        TestContext.Out.WriteLine($"shown after {string.Join(", ", shown)} ms");
        // The middle of five: a machine that runs another fixture beside this one may be late once.
        Assert.That(shown.Order().ElementAt(2), Is.LessThan(1000));
        Assert.That(await page.Locator("#cycle-2").GetAttributeAsync("open"), Is.Not.Null, "what the reader opened stays open");
        Assert.That(await page.EvaluateAsync<int>("scrollY"), Is.EqualTo(150));
        Assert.That(Complaints, Is.Empty);
    }

    [Test]
    public async Task A_page_held_still_counts_what_it_misses_and_goes_on_when_told()
    {
        await Server.StoreAsync(new RunScript("r-1", cycles: 9).Cycle());
        var page = await OpenAsync();
        await page.GotoAsync("/runs/r-1");
        await page.Locator("#link.live").WaitForAsync();
        await page.Keyboard.PressAsync("p");

        await Server.StoreAsync(new RunScript("r-1", cycles: 9).Cycles(2));
        var missed = await MissedAsync(page, "held", moreThan: 0);
        await Server.StoreAsync(new RunScript("r-1", cycles: 9).Cycles(3));
        await MissedAsync(page, "held", moreThan: missed);
        Assert.That(await page.GetByText("1 of 9").CountAsync(), Is.GreaterThan(0));

        await page.Keyboard.PressAsync("p");
        await page.GetByText("3 of 9").First.WaitForAsync();
    }

    [Test]
    public async Task A_page_that_waits_for_a_slow_server_says_how_many_changes_it_is_behind_and_since_when()
    {
        await Server.StoreAsync(new RunScript("r-1", cycles: 9).Cycle());
        var page = await OpenAsync();
        await page.Clock.InstallAsync();
        var (isSlow, asked, answer) = (false, new TaskCompletionSource(), new TaskCompletionSource());
        // From the start: a request that is on its way when a route is laid may get stuck between the two.
        await page.RouteAsync("**/runs/r-1", async route =>
        {
            if (isSlow)
            {
                asked.TrySetResult();
                await answer.Task;
            }
            await route.ContinueAsync();
        });
        await page.GotoAsync("/runs/r-1");
        await page.Locator("#link.live").WaitForAsync();

        isSlow = true;
        await Server.StoreAsync(new RunScript("r-1", cycles: 9).Cycles(2));
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await page.Clock.FastForwardAsync(6000);
        var missed = await MissedAsync(page, "behind", moreThan: 0);
        await Server.StoreAsync(new RunScript("r-1", cycles: 9).Cycles(3));
        await MissedAsync(page, "behind", moreThan: missed);
        Assert.That(await page.Locator("#link.behind").TextContentAsync(), Does.Match("^[0-9]+ changes? behind; as of [0-9:]+$"));

        answer.SetResult();
        await page.GetByText("3 of 9").First.WaitForAsync();
        await page.Locator("#link.live").WaitForAsync();
        Assert.That(Complaints, Is.Empty);
    }

    [Test]
    public async Task What_a_reader_has_typed_and_not_yet_sent_stays_while_the_page_renews_itself()
    {
        await using var agent = await TestAgent.ArriveAsync(server, ["kv58-1"]);
        var page = await OpenAsync();
        await page.GotoAsync("/places/kv58-1");
        await page.Locator("#link.live").WaitForAsync();
        await page.GetByLabel("Why").FillAsync("the bench is needed");
        await page.Keyboard.PressAsync("Tab");

        await Server.StoreAsync(new RunScript("r-1", cycles: 9).Cycle());
        await page.GetByText("1 cycle in the newest 1 run").WaitForAsync();

        Assert.That(await page.GetByLabel("Why").InputValueAsync(), Is.EqualTo("the bench is needed"));
        Assert.That(Complaints, Is.Empty);
    }

    [Test]
    public async Task A_server_that_goes_and_comes_back_is_said_and_the_page_recovers_by_itself()
    {
        await Server.StoreAsync(new RunScript("r-1", cycles: 9).Cycle());
        var page = await OpenAsync(height: 400);
        await page.GotoAsync("/runs/r-1");
        await page.Locator("#link.live").WaitForAsync();
        await page.EvaluateAsync("scrollTo(0, 120)");

        await server.RestartAsync();
        await page.Locator("#link.lost").WaitForAsync();
        await page.Locator("#link.live").WaitForAsync();
        await Server.StoreAsync(new RunScript("r-1", cycles: 9).Cycle().Cycle());

        await page.GetByText("2 of 9").First.WaitForAsync();
        Assert.That(await page.EvaluateAsync<int>("scrollY"), Is.EqualTo(120), "the reader is where he was");
    }

    [Test]
    public async Task Times_stand_in_the_readers_zone_and_the_exact_one_is_a_hover_away()
    {
        await Server.StoreAsync(new RunScript("r-1", cycles: 9).Cycle());
        var page = await OpenAsync(zone: "Asia/Tokyo");
        await page.GotoAsync("/runs/r-1");

        var time = page.Locator("main time").First;
        await page.WaitForFunctionAsync("time => time.textContent.includes('07:00')", await time.ElementHandleAsync());
        Assert.That(await time.GetAttributeAsync("title"), Does.Contain("2026-01-21 22:00:00").And.Contain("UTC"));
        Assert.That(Complaints, Is.Empty);
    }

    [Test]
    public async Task Everything_can_be_reached_by_keys_and_the_question_mark_lists_them()
    {
        var page = await OpenAsync();
        await page.GotoAsync("/");

        await page.Keyboard.PressAsync("?");
        await page.GetByRole(AriaRole.Dialog).GetByText("g f").WaitForAsync();
        await page.GetByRole(AriaRole.Dialog).GetByText("What the numbers mean").WaitForAsync();
        await page.Keyboard.PressAsync("Escape");
        Assert.That(await page.GetByRole(AriaRole.Dialog).CountAsync(), Is.Zero);

        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("f");
        await page.ReachAsync("**/failures");
        Assert.That(Complaints, Is.Empty);
    }

    /// <summary>How many changes the banner says that the page is behind, once they are more.</summary>
    private static async Task<int> MissedAsync(IPage page, string state, int moreThan)
    {
        var counted = await page.WaitForFunctionAsync(
            "([state, least]) => { const missed = Number(/([0-9]+) changes? behind/.exec(document.querySelector(`#link.${state}`)?.textContent ?? '')?.[1]); return missed > least ? missed : 0; }",
            new object[] { state, moreThan });
        return await counted.JsonValueAsync<int>();
    }
}
