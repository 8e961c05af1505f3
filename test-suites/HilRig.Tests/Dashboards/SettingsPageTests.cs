using System.Net;
using System.Text.RegularExpressions;
using HilRig.Server.Security;
using HilRig.Server.Webhooks;
using HilRig.Tests.Server;
using HilRig.Tests.Server.Security;
using HilRig.Tests.Server.Webhooks;
using NUnit.Framework;

namespace HilRig.Tests.Dashboards;

/// <summary>The settings: what an admin does by forms, and what others are told.</summary>
public sealed partial class SettingsPageTests
{
    private TestServer server = null!;
    private HttpClient admin = null!;

    [SetUp]
    public async Task Start()
    {
        server = await TestServer.StartAsync(with: options => options with { PrivateWebhooks = true });
        await server.AddPersonAsync("ann", Role.Admin);
        admin = await server.SignInAsync("ann", Accounts.Password);
    }

    [TearDown]
    public async Task Stop()
    {
        admin.Dispose();
        await server.DisposeAsync();
    }

    [Test]
    public async Task An_admin_adds_changes_and_removes_a_person_and_the_last_admin_stays()
    {
        var page = await admin.SubmitAsync(await admin.ReadPageAsync("/settings"), "/settings/people", HttpStatusCode.OK, ("name", "bob"), ("password", Accounts.Password), ("role", "viewer"));
        Assert.That(page, Does.Contain("id=\"person-bob\""));
        using var bob = await server.SignInAsync("bob", Accounts.Password);
        Assert.That(await bob.ReadPageAsync("/settings"), Does.Contain("bob is viewer here").And.Not.Contain("ann").And.Not.Contain("/settings/people"));
        Assert.That(await bob.ReadPageAsync("/settings/audit"), Does.Contain("The audit is for the role").And.Not.Contain("add person"));
        using var refused = await bob.SendFormAsync("/settings/people", ("name", "bob"), ("role", "admin"));
        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));

        await admin.SubmitAsync(page, "/settings/people", HttpStatusCode.OK, ("name", "bob"), ("role", "operator"));
        Assert.That(await bob.ReadPageAsync("/settings"), Does.Contain("name=\"password\"").And.Contain("Sign in"), "his session ended with the change");
        page = await admin.SubmitAsync(page, "/settings/people/remove", HttpStatusCode.OK, ("name", "bob"));
        Assert.That(page, Does.Not.Contain("id=\"person-bob\""));
        Assert.That(await admin.SubmitAsync(page, "/settings/people/remove", HttpStatusCode.BadRequest, ("name", "ann")), Does.Contain("ann is the last admin"));
        Assert.That(await admin.SubmitAsync(page, "/settings/people", HttpStatusCode.BadRequest, ("name", "eve"), ("password", "short"), ("role", "viewer")), Does.Contain("password: it has 5 characters"));

        var audit = await admin.ReadPageAsync("/settings/audit?subject=bob");
        Assert.That(audit, Does.Contain("add person").And.Contain("change person").And.Contain("remove person").And.Not.Contain("issue token"));
        Assert.That(await admin.ReadPageAsync("/settings/audit?who=nobody"), Does.Contain("No entry is like that"));
    }

    [Test]
    public async Task A_code_and_a_token_are_shown_once_and_a_revoked_token_opens_nothing()
    {
        var page = await admin.ReadPageAsync("/settings");
        var code = Secret().Match(await admin.SubmitAsync(page, "/settings/agents", HttpStatusCode.OK, ("agent", "bench-1"))).Groups[1].Value;
        var enrolled = (await server.Service<TokenStore>().EnrolAsync(code, default))!;
        await using (var agent = await TestAgent.ConnectAsync(server, enrolled.Token))
        {
            await agent.HelloAsync("bench-1", ["kv58-1"], []);
            page = await admin.ReadPageAsync("/settings");
            Assert.That(page, Does.Contain("bench-1").And.Contain("valid, connected").And.Not.Contain(enrolled.Token));
            await admin.SubmitAsync(page, "/settings/tokens/revoke", HttpStatusCode.OK, ("id", enrolled.Token.Split('_')[1]));
            await agent.WaitForCloseAsync();
        }
        var token = Secret().Match(await admin.SubmitAsync(page, "/settings/tokens", HttpStatusCode.OK, ("name", "ci"), ("role", "operator"), ("days", "30"))).Groups[1].Value;
        using var machine = server.ClientWith(token);
        Assert.That(await machine.GetStringAsync("/api/v1/me"), Does.Contain("operator"));
        Assert.That(await admin.ReadPageAsync("/settings"), Does.Contain("revoked").And.Contain("valid until").And.Not.Contain(token));
        Assert.That(await admin.SubmitAsync(page, "/settings/tokens", HttpStatusCode.BadRequest, ("name", "ci"), ("role", "operator"), ("days", "many")), Does.Contain("days: 0 is out of range"));
        Assert.That(await admin.SubmitAsync(page, "/settings/tokens", HttpStatusCode.BadRequest, ("name", "ann"), ("role", "qa"), ("days", "")), Does.Contain("name: ann is a person here"), "who holds it could give her word");
    }

    [Test]
    public async Task A_webhook_is_added_tested_read_and_removed()
    {
        await using var listener = await HookListener.StartAsync();
        var page = await admin.ReadPageAsync("/settings");
        Assert.That(await admin.SubmitAsync(page, "/settings/webhooks", HttpStatusCode.OK, ("url", $"{listener.Url}"), ("events", "night-report"), ("events", "flag-new")), Does.Contain("It is shown this once"));
        page = await admin.ReadPageAsync("/settings");
        Assert.That(page, Does.Contain("night-report, flag-new"));
        var id = WebhookId().Match(page).Value;

        Assert.That(await admin.ReadPageAsync($"/settings/webhooks/{id}"), Does.Contain("It has not been told anything yet"));
        Assert.That(await admin.SubmitAsync(page, "/settings/webhooks/test", HttpStatusCode.OK, ("id", id)), Does.Contain($"webhook:{id}"));
        Assert.That(await admin.SubmitAsync(page, "/settings/webhooks/remove", HttpStatusCode.OK, ("id", id)), Does.Contain("Nobody is told anything"));
        Assert.That(await admin.ReadPageAsync($"/settings/webhooks/{id}"), Does.Contain("It was removed; its log stays"));
        Assert.That(await admin.SubmitAsync(page, "/settings/webhooks/remove", HttpStatusCode.BadRequest, ("id", id)), Does.Contain($"there is no webhook {id}"));
    }

    [Test]
    public async Task A_form_that_is_not_of_our_page_changes_nothing()
    {
        foreach (var action in new[] { "/settings/people", "/settings/people/remove", "/settings/agents", "/settings/tokens", "/settings/tokens/revoke", "/settings/webhooks", "/settings/webhooks/remove", "/settings/webhooks/test", "/places/kv58-1/pause", "/places/kv58-1/resume", "/releases/plan" })
        {
            using var response = await admin.SendFormAsync(action, ("name", "ann"), ("agent", "a"), ("because", "b"), ("role", "admin"), ("url", "https://example.com"));
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest), action);
            Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("load the page again"), action);
        }
        Assert.That((await server.Service<WebhookStore>().ListAsync(default)).Count, Is.Zero);
    }

    [GeneratedRegex("class=\"secret\">([^<]+)<")]
    private static partial Regex Secret();

    [GeneratedRegex("w-[0-9a-f]{8}")]
    private static partial Regex WebhookId();
}
