using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using NUnit.Framework;

namespace HilRig.Tests.Dashboards;

/// <summary>
/// Requires of a page that it fits every screen, and of some, which are drawn, that they break no rule of accessibility on one of them, light or
/// dark, that is drawn too: the rules are the dearest part. With <c>HILRIG_FULL=1</c> each is judged on all.
/// </summary>
internal sealed class PageJudge
{
    private const int WidestPicture = 3840;

    private static readonly (int Width, int Height, ColorScheme Scheme)[] Screens =
    [
        .. from size in new[] { (Width: 360, Height: 740), (Width: 1280, Height: 800), (Width: 3840, Height: 2160) }
        from scheme in new[] { ColorScheme.Light, ColorScheme.Dark }
        select (size.Width, size.Height, scheme),
    ];

    /// <summary>WCAG 2.2's smallest target is off where axe is not asked for it.</summary>
    private static readonly AxeRunOptions Rules = new() { Rules = new() { ["target-size"] = new RuleOptions { Enabled = true } } };

    private readonly Random random = new(Extent.Seed());
    private readonly int oneIn;

    /// <param name="oneIn">Of so many pages one is drawn for the rules.</param>
    public PageJudge(int oneIn = 1) => this.oneIn = oneIn;

    /// <param name="name">Of the page and its state, for messages and pictures.</param>
    public async Task RequireGoodAsync(IPage page, string name)
    {
        var drawn = Screens[random.Next(Screens.Length)];
        var isJudged = random.Next(oneIn) == 0;
        foreach (var size in Screens.GroupBy(screen => (screen.Width, screen.Height)))
        {
            await page.SetViewportSizeAsync(size.Key.Width, size.Key.Height);
            await Browser.RequireFitAsync(page, name);
            foreach (var screen in size.Where(screen => Extent.IsFull || (isJudged && screen == drawn)))
                await RequireRulesKeptAsync(page, screen.Scheme, $"{name}-{screen.Width}-{screen.Scheme}");
        }
    }

    private static async Task RequireRulesKeptAsync(IPage page, ColorScheme scheme, string name)
    {
        await page.EmulateMediaAsync(new() { ColorScheme = scheme });
        // Eight million pixels take longer to write than all else of a page.
        if (Extent.IsFull || page.ViewportSize!.Width < WidestPicture)
            await page.ScreenshotAsync(new() { Path = Browser.PictureOf(name), FullPage = true });
        var broken = (await page.RunAxe(Rules)).Violations;
        Assert.That(broken.Select(rule => $"{name}: {rule.Id}: {rule.Help}: {string.Join(" | ", rule.Nodes.Take(5).Select(node => node.Html))}"), Is.Empty);
    }
}
