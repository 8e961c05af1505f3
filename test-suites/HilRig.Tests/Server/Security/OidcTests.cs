using System.Net;
using HilRig.Model.Runs;
using HilRig.Server.Api;
using HilRig.Server.Security;
using NUnit.Framework;

namespace HilRig.Tests.Server.Security;

/// <summary>Sign-in by an issuer of OpenID Connect.</summary>
public sealed class OidcTests
{
    private FakeIssuer issuer = null!;
    private TestServer server = null!;
    private HttpClient browser = null!;

    [SetUp]
    public async Task Start()
    {
        issuer = await FakeIssuer.StartAsync();
        server = await TestServer.StartAsync(with: options => options with { Oidc = new OidcOptions(new Uri(issuer.Issuer), FakeIssuer.ClientId, FakeIssuer.ClientSecret, "roles") });
        browser = new HttpClient(new HttpClientHandler { CookieContainer = new CookieContainer() }) { BaseAddress = server.Url };
    }

    [TearDown]
    public async Task Stop()
    {
        browser.Dispose();
        await server.DisposeAsync();
        await issuer.DisposeAsync();
    }

    [Test]
    public async Task A_server_with_an_issuer_lets_nobody_in_without_it()
    {
        Assert.That((await server.Http.GetAsync("/api/v1/runs")).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(await browser.GetStringAsync("/login"), Does.Contain("/session/oidc"));
    }

    [Test]
    public async Task Who_the_issuer_knows_comes_in_with_the_highest_of_its_roles()
    {
        issuer.Person = ("ann@example.com", ["staff", "viewer", "qa"]);

        var page = await browser.GetStringAsync("/session/oidc?returnUrl=/failures");

        Assert.That(page, Does.Contain("<h1>Failures</h1>").And.Contain("ann@example.com"));
        Assert.That(await MeAsync(), Is.EqualTo(new Identity("ann@example.com", Role.Qa)));
        using var people = await browser.GetAsync("/api/v1/people");
        Assert.That(people.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [TestCase("ann", "staff"), TestCase("ann", "agent"), TestCase("ann", "4"), TestCase("../ann", "admin")]
    public async Task Who_has_no_role_or_no_name_here_does_not_get_in(string name, string role)
    {
        issuer.Person = (name, [role]);

        Assert.That(await browser.GetStringAsync("/session/oidc"), Does.Contain("let nobody in"));
        Assert.That((await browser.GetAsync("/api/v1/runs")).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task A_token_that_another_key_signed_lets_nobody_in()
    {
        issuer.Forges = true;

        Assert.That(await browser.GetStringAsync("/session/oidc"), Does.Contain("let nobody in"));
        Assert.That((await browser.GetAsync("/api/v1/runs")).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task A_name_that_has_a_password_here_is_refused_from_the_issuer()
    {
        await server.AddPersonAsync("ann", Role.Viewer);
        issuer.Person = ("ann", ["admin"]);

        Assert.That(await browser.GetStringAsync("/session/oidc"), Does.Contain("let nobody in"));
    }

    [TestCase("//elsewhere.example/"), TestCase("https://elsewhere.example/")]
    public async Task Nobody_is_sent_elsewhere_afterwards(string returnUrl) =>
        Assert.That(await browser.GetStringAsync($"/session/oidc?returnUrl={Uri.EscapeDataString(returnUrl)}"), Does.Contain("<h1>Rack</h1>"));

    [Test]
    public async Task An_answer_that_nobody_here_asked_for_is_refused() =>
        Assert.That(await browser.GetStringAsync("/session/oidc/done?code=x&state=y"), Does.Contain("let nobody in"));

    private async Task<Identity> MeAsync()
    {
        using var response = await browser.GetAsync("/api/v1/me");
        return System.Text.Json.JsonSerializer.Deserialize<Identity>(await response.Content.ReadAsStringAsync(), RunJson.Options)!;
    }
}
