using HilRig.Bench.Pages;
using HilRig.Dashboards.Assets;
using HilRig.Tests.SystemTests;
using Microsoft.Playwright;
using NUnit.Framework;

namespace HilRig.Tests.Dashboards;

/// <summary>A Chromium for a fixture, which is skipped with the reason where there is none, or no script to try.</summary>
internal sealed class Browser : IAsyncDisposable
{
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

    /// <summary>Nothing on it is wider than the screen; what is drawn by script may take a moment to follow a screen that has just changed, and longer where the machine is busy.</summary>
    public static async Task RequireFitAsync(IPage page, string name)
    {
        try
        {
            await page.WaitForFunctionAsync("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth", null, new() { Timeout = 15_000 });
        }
        catch (TimeoutException)
        {
            Assert.Fail($"{name} is {await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth")} px wider than the screen of {page.ViewportSize!.Width}");
        }
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
