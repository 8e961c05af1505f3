using System.Text.RegularExpressions;
using HilRig.Tests.Dashboards;
using Microsoft.Playwright;
using NUnit.Framework;

namespace HilRig.Tests.SystemTests;

/// <summary>The demo as a newcomer reads it: in Chromium, by clicks only.</summary>
public sealed class DemoStoryTests
{
    [Test]
    public async Task From_the_rack_clicks_lead_to_the_flag_its_trigger_the_evidence_the_reproducer_a_run_of_it_and_the_dossier()
    {
        await using var browser = await Browser.StartAsync();
        using var demo = Child.Start("hilrig", ["demo", "--port", $"{TestBoard.FreePort()}", "--cycles", "20"]);
        var url = Regex.Match(await demo.WaitForAsync("pages at http"), @"http://\S+").Value;
        await demo.WaitForAsync("[##########");
        await demo.WaitForAsync("[####################]");
        await demo.WaitForAsync("The pages stay at");
        var complaints = new List<string>();
        var page = await browser.OpenAsync(new Uri(url), complaints);

        await page.GotoAsync("/");
        await page.GetByRole(AriaRole.Link, new() { NameRegex = new("10203 kStatusMemoryCumulativeWrite") }).First.ClickAsync();
        await page.ReachAsync("**/failures/*");
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
        await page.ReachAsync("**/runs/*");
        await page.Locator(".timeline[data-ready]").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "First failure" }).ClickAsync();
        await page.Locator(".picked .failure").GetByText("10203").WaitForAsync();
        await page.ScreenshotAsync(new() { Path = Browser.PictureOf("story-moment") });

        await page.GoBackAsync();
        await page.Locator("dd a[href^='/releases/']").ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Plan its sign-off" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Fix the plan" }).ClickAsync();
        await page.ReachAsync("**/releases/*");
        var release = page.Url;
        await page.GetByText("There is no cycle in it yet.").WaitForAsync();

        await page.GetByRole(AriaRole.Link, new() { NameRegex = new("10203 kStatusMemoryCumulativeWrite") }).First.ClickAsync();
        await page.ReachAsync("**/failures/*");
        await page.GetByRole(AriaRole.Button, new() { Name = "Investigate" }).ClickAsync();
        await page.Locator("#reproducer").WaitForAsync(new() { Timeout = 240_000 });
        Assert.That(await page.Locator("#reproducer").InnerTextAsync(), Does.Contain("sequence: reproducer"));
        await page.Locator("#reproducer").ScrollIntoViewIfNeededAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Copy" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("Copied|Selected") }).WaitForAsync();
        await page.ScreenshotAsync(new() { Path = Browser.PictureOf("story-reproducer") });
        var failure = page.Url;
        await page.GetByRole(AriaRole.Button, new() { Name = "Run it where it failed" }).ClickAsync();
        await page.ReachAsync("**/runs/r-*");
        await page.GetByText(new Regex("[1-9] of 30")).First.WaitForAsync(new() { Timeout = 60_000 });

        await page.GoBackAsync();
        await page.ReachAsync(failure);
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("once more") }).ClickAsync();
        await page.ReachAsync("**/runs/r-*");
        await page.GetByText(new Regex("[1-9] of 20")).First.WaitForAsync(new() { Timeout = 120_000 });
        await page.GetByRole(AriaRole.Link, new() { Name = "Releases", Exact = true }).ClickAsync();
        await page.Locator($"a[href='{new Uri(release).AbsolutePath}']").First.ClickAsync();
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Download the zip" }).ClickAsync());
        var dossier = Path.Combine(Path.GetTempPath(), download.SuggestedFilename);
        await download.SaveAsAsync(dossier);
        using (var verify = Child.Start("hilrig", ["verify", dossier]))
            Assert.That(await verify.ExitAsync(), Is.Zero);
        File.Delete(dossier);
        Assert.That(complaints, Is.Empty);
        demo.Interrupt();
        await demo.ExitAsync();
    }
}
