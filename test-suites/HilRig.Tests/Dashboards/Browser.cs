using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using HilRig.Bench.Pages;
using HilRig.Dashboards.Assets;
using HilRig.Tests.SystemTests;
using Microsoft.Playwright;
using NUnit.Framework;

namespace HilRig.Tests.Dashboards;

/// <summary>A Chromium for a fixture, which is skipped with the reason where there is none, or no script to try.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private static readonly bool IsFull = Environment.GetEnvironmentVariable("HILRIG_FULL") == "1";
    private readonly Chromium chromium;

    private Browser(Chromium chromium) => this.chromium = chromium;

    public static async Task<Browser> StartAsync()
    {
        if (!PageAssets.Has("site.js"))
            Assert.Ignore("built without npm: the pages have no script to try");
        var chromium = await Chromium.StartAsync();
        if (chromium is null)
            Assert.Ignore("no Chromium here: `apt-get install chromium` lets this run");
        return new Browser(chromium);
    }

    /// <summary>A page with nothing remembered. What its scripts complain of goes to <paramref name="complaints"/>.</summary>
    public async Task<IPage> OpenAsync(Uri server, List<string> complaints, int width = 1280, int height = 900, ColorScheme scheme = ColorScheme.Light, string? zone = null)
    {
        var context = await chromium.Browser.NewContextAsync(new() { BaseURL = server.ToString(), ViewportSize = new() { Width = width, Height = height }, ColorScheme = scheme, TimezoneId = zone });
        var page = await context.NewPageAsync();
        page.PageError += (_, error) => complaints.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                complaints.Add(message.Text);
        };
        return page;
    }

    /// <summary>
    /// Goes to pages, takes their pictures, and requires that they fit the screen and break no rule of accessibility. The rules are the dearest part:
    /// of two screens each has every other page judged by them, and all with <c>HILRIG_FULL=1</c>.
    /// </summary>
    /// <param name="screen">Tells the pictures of one page apart.</param>
    public static async Task RequireGoodAsync(IPage page, IEnumerable<(string Name, string Address)> pages, string screen, bool isFirstScreen)
    {
        foreach (var (index, (name, address)) in pages.Index())
            await RequireGoodAsync(page, address, name, screen, IsFull || index % 2 == (isFirstScreen ? 0 : 1));
    }

    private static async Task RequireGoodAsync(IPage page, string address, string name, string screen, bool isJudged)
    {
        await page.GotoAsync(address, new() { WaitUntil = WaitUntilState.Load });
        await page.ScreenshotAsync(new() { Path = PictureOf($"{name}-{screen}"), FullPage = true });
        var overflow = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.That(overflow, Is.LessThanOrEqualTo(0), $"{name} is {overflow} px wider than the screen");
        if (!isJudged)
            return;
        var broken = (await page.RunAxe()).Violations;
        Assert.That(broken.Select(rule => $"{name}: {rule.Id}: {rule.Help}: {string.Join(" | ", rule.Nodes.Select(node => node.Html))}"), Is.Empty);
    }

    /// <summary>Where pictures go that a person looks at; ignored by git.</summary>
    public static string PictureOf(string name)
    {
        var folder = TestBoard.RepositoryFile("artifacts/screenshots");
        Directory.CreateDirectory(folder);
        return Path.Combine(folder, name + ".png");
    }

    /// <summary>Closes what is open, before its server goes.</summary>
    public async Task CloseAsync()
    {
        foreach (var context in chromium.Browser.Contexts)
            await context.CloseAsync();
    }

    public ValueTask DisposeAsync() => chromium.DisposeAsync();
}
