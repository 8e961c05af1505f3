using HilRig.Server.Security;
using HilRig.Tests.Server;
using HilRig.Tests.Server.Security;
using Microsoft.Playwright;
using NUnit.Framework;

namespace HilRig.Tests.Dashboards;

/// <summary>A server with accounts in a real Chromium: signing in, what an admin sees, and two people's word on a release.</summary>
public sealed class GuardedPagesBrowserTests : BrowserFixture
{
    private const string Plan = "release: 2.0.0+1f0c\nlimit: 0.2\nconfidence: 0.9\nplaces: [kv58-1]\nmix: {re-update: 1}\n";
    private HandClock clock = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        // A browser throws away what has expired by its own clock.
        clock = new HandClock(TimeProvider.System.GetUtcNow());
        Server = await TestServer.StartAsync(time: clock);
        foreach (var (name, role) in new[] { ("root", Role.Admin), ("ann", Role.Qa), ("bob", Role.Qa) })
            await Server.AddPersonAsync(name, role);
        await Server.Service<TokenStore>().IssueAsync("ci", Role.Operator, null, "root", default);
    }

    [Test]
    public async Task An_admins_pages_fit_and_break_no_rule_of_accessibility()
    {
        var page = await SignInAsync("root");
        var judge = new PageJudge();

        foreach (var address in new[] { "/settings", "/settings/audit" })
        {
            await page.GotoAsync(address);
            await judge.RequireGoodAsync(page, $"admin{address.Replace('/', '-')}");
        }
        Assert.That(await page.GetByText("add person").CountAsync(), Is.EqualTo(3), "the audit shows who was added");

        await page.GotoAsync("/settings");
        await page.GetByLabel("Agent's name").FillAsync("bench-7");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make a code for it" }).ClickAsync();
        await page.GetByText("It is shown this once").WaitForAsync();
        await judge.RequireGoodAsync(page, "admin-once");
        await page.GotoAsync("/settings");
        await page.GetByLabel("Machine's name").FillAsync("ann");
        await page.GetByRole(AriaRole.Button, new() { Name = "Issue a token" }).ClickAsync();
        await page.GetByText("Nothing was changed").WaitForAsync();
        await judge.RequireGoodAsync(page, "admin-refused");
        Assert.That(Complaints.RemoveAll(complaint => complaint.Contains("the server responded with a status of 400")), Is.LessThanOrEqualTo(1));
        Assert.That(Complaints, Is.Empty);
    }

    [Test]
    public async Task Two_people_sign_in_and_give_their_word_on_a_release_by_clicks()
    {
        var ann = await SignInAsync("ann");
        await ann.GotoAsync("/releases");
        await ann.Locator("#plan").FillAsync(Plan);
        await ann.GetByRole(AriaRole.Button, new() { Name = "Fix the plan" }).ClickAsync();
        await ann.ReachAsync("**/releases/*");
        var run = new RunScript("r-clean", cycles: 12, at: clock.GetUtcNow().AddSeconds(1)).Cycles(12);
        await Server.StoreAsync(run.End());
        clock.Move(TimeSpan.FromMinutes(1));

        await ann.ReloadAsync();
        await ann.GetByRole(AriaRole.Button, new() { Name = "Approve as ann" }).ClickAsync();
        await ann.GetByText("the second must be another person's").WaitForAsync();
        var bob = await SignInAsync("bob", 360, 740, ColorScheme.Dark);
        await bob.GotoAsync(ann.Url);
        await bob.GetByRole(AriaRole.Button, new() { Name = "Approve as bob" }).ClickAsync();
        await bob.GetByText("Approved by two people").WaitForAsync();

        await new PageJudge().RequireGoodAsync(bob, "release-approved");
        Assert.That(Complaints, Is.Empty);
    }

    [Test]
    public async Task A_wrong_password_is_said_and_who_signed_out_reads_nothing()
    {
        var page = await OpenAsync();
        await page.GotoAsync("/settings");
        await page.GetByLabel("Name").FillAsync("root");
        await page.GetByLabel("Password").FillAsync("wrong");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.GetByRole(AriaRole.Alert).GetByText("Name or password is wrong").WaitForAsync();

        var signedIn = await SignInAsync("root");
        await signedIn.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await signedIn.GotoAsync("/settings");
        await signedIn.ReachAsync("**/login?**");
    }

    private async Task<IPage> SignInAsync(string name, int width = 1280, int height = 900, ColorScheme scheme = ColorScheme.Light)
    {
        var page = await OpenAsync(width, height, scheme);
        await page.GotoAsync("/login");
        await page.GetByLabel("Name").FillAsync(name);
        await page.GetByLabel("Password").FillAsync(Accounts.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.GetByText(name, new() { Exact = true }).First.WaitForAsync();
        return page;
    }
}
