using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using HilRig.Tests.SystemTests;
using Microsoft.Playwright;
using NUnit.Framework;

namespace HilRig.Tests.Dashboards;

/// <summary>Debian's Chromium, by Playwright. A fixture that has none is skipped with its reason.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private static readonly string[] Programs = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    /// <summary>No sandbox, since root may have none; nothing that asks the network on its own.</summary>
    private static readonly string[] Arguments =
        ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"];

    private readonly IPlaywright playwright;
    private readonly IBrowser chromium;

    private Browser(IPlaywright playwright, IBrowser chromium) => (this.playwright, this.chromium) = (playwright, chromium);

    public static async Task<Browser> StartAsync()
    {
        var program = Programs.FirstOrDefault(File.Exists);
        if (program is null)
            Assert.Ignore("no Chromium here: `apt-get install chromium` lets this run");
        var playwright = await Playwright.CreateAsync();
        return new Browser(playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = program, Args = Arguments }));
    }

    /// <summary>A page with nothing remembered. What its scripts complain of goes to <paramref name="complaints"/>.</summary>
    public async Task<IPage> OpenAsync(Uri server, List<string> complaints, int width = 1280, int height = 900, ColorScheme scheme = ColorScheme.Light)
    {
        var context = await chromium.NewContextAsync(new() { BaseURL = server.ToString(), ViewportSize = new() { Width = width, Height = height }, ColorScheme = scheme });
        var page = await context.NewPageAsync();
        page.PageError += (_, error) => complaints.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                complaints.Add(message.Text);
        };
        return page;
    }

    /// <summary>Goes to a page, takes its picture, and requires that it fits the screen and breaks no rule of accessibility.</summary>
    /// <param name="screen">Tells the pictures of one page apart.</param>
    public static async Task RequireGoodAsync(IPage page, string address, string name, string screen)
    {
        await page.GotoAsync(address, new() { WaitUntil = WaitUntilState.Load });
        await page.ScreenshotAsync(new() { Path = PictureOf($"{name}-{screen}"), FullPage = true });
        var overflow = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.That(overflow, Is.LessThanOrEqualTo(0), $"{name} is {overflow} px wider than the screen");
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
        foreach (var context in chromium.Contexts)
            await context.CloseAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await chromium.DisposeAsync();
        playwright.Dispose();
    }
}
