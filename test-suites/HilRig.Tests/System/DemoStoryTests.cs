using System.Text.RegularExpressions;
using HilRig.Dashboards.Assets;
using HilRig.Tests.Dashboards;
using Microsoft.Playwright;
using NUnit.Framework;

namespace HilRig.Tests.SystemTests;

/// <summary>The demo as a newcomer reads it: in Chromium, by clicks only.</summary>
[Parallelizable]
public sealed class DemoStoryTests
{
    [Test]
    public async Task From_the_rack_clicks_lead_to_the_flag_its_trigger_the_evidence_the_moment_and_a_run_that_shows_it_again()
    {
        if (!PageAssets.Has("site.js"))
            Assert.Ignore("built without npm: the pages have no script to try");
        await using var browser = await Browser.StartAsync();
        using var demo = Child.Start("hilrig", ["demo", "--port", $"{TestBoard.FreePort()}", "--cycles", "20"]);
        var url = Regex.Match(await demo.WaitForAsync("pages at http"), @"http://\S+").Value;
        await demo.WaitForAsync("[##########");
        await demo.WaitForAsync("The pages stay at");
        var complaints = new List<string>();
        var page = await browser.OpenAsync(new Uri(url), complaints);

        await page.GotoAsync("/");
        await page.GetByRole(AriaRole.Link, new() { NameRegex = new("10203 kStatusMemoryCumulativeWrite") }).First.ClickAsync();
        await page.WaitForURLAsync("**/failures/*");
        Assert.That(await page.Locator(".triggers .best").First.InnerTextAsync(), Does.Contain("/"), "the best trigger has its counts");
        Assert.That(await page.Locator(".triggers .best").AllInnerTextsAsync(), Has.Some.Contains("app-at-boot=application"));

        var row = page.Locator("details[open] .hex tbody tr", new() { Has = page.Locator("mark") }).First;
        var views = await row.Locator("td").AllInnerTextsAsync();
        Assert.That(views[0], Does.Contain("≠").And.Contain("differ"));
        Assert.That(views[1], Does.Contain("FF"), "what the array holds, by SWD");
        Assert.That(views[2], Is.Not.EqualTo(views[1]), "what the core sees through its cache");
        await row.ScrollIntoViewIfNeededAsync();
        await page.ScreenshotAsync(new() { Path = Browser.PictureOf("story-evidence") });

        await page.Locator("details[open]").GetByRole(AriaRole.Link, new() { Name = "in its run" }).First.ClickAsync();
        await page.WaitForURLAsync("**/runs/*");
        await page.Locator(".timeline[data-ready]").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "First failure" }).ClickAsync();
        await page.Locator(".picked .failure").GetByText("10203").WaitForAsync();
        await page.ScreenshotAsync(new() { Path = Browser.PictureOf("story-moment") });

        await page.GoBackAsync();
        await page.WaitForURLAsync("**/failures/*");
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("once more") }).ClickAsync();
        await page.WaitForURLAsync("**/runs/r-*");
        await page.GetByText(new Regex("[1-9] of 20")).First.WaitForAsync();
        Assert.That(complaints, Is.Empty);
        demo.Interrupt();
        await demo.ExitAsync();
    }
}
