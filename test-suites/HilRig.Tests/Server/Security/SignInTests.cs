using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using HilRig.Model.Runs;
using HilRig.Server.Api;
using HilRig.Server.Security;
using HilRig.Tests.Server.Storage;
using NUnit.Framework;

namespace HilRig.Tests.Server.Security;

/// <summary>People: from the first one on, by a browser and by a command line.</summary>
public sealed partial class SignInTests(DatabaseKind kind) : ServerFixture(kind)
{
    [Test]
    public async Task A_laptop_needs_no_account_until_there_is_one()
    {
        Assert.That(await Server.GetAsync<Identity>("/api/v1/me"), Is.EqualTo(new Identity("local", Role.Admin)));

        (await Server.Http.PutAsJsonAsync("/api/v1/people/ann", new PersonRequest(Role.Admin, Accounts.Password), RunJson.Options)).EnsureSuccessStatusCode();

        Assert.That((await Server.Http.GetAsync("/api/v1/runs")).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That((await Server.Http.GetAsync("/healthz")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        await Server.RestartAsync();
        Assert.That((await Server.Http.GetAsync("/api/v1/runs")).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task Nobody_shuts_everybody_out_of_a_server_without_accounts()
    {
        using var viewer = await Server.Http.PutAsJsonAsync("/api/v1/people/ann", new PersonRequest(Role.Viewer, Accounts.Password), RunJson.Options);
        using var token = await Server.PostAsync("/api/v1/tokens", new TokenRequest("ci", Role.Operator));
        using var invitation = await Server.PostAsync("/api/v1/enrolments", new InviteRequest("bench-1"));

        Assert.That(new[] { viewer, token, invitation }.Select(response => response.StatusCode), Has.All.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(await Server.GetAsync<Identity>("/api/v1/me"), Is.EqualTo(new Identity("local", Role.Admin)));
    }

    [Test]
    public async Task A_token_ends_with_the_role_that_it_was_given_for()
    {
        await Server.AddPersonAsync("ann", Role.Operator);
        using var admin = await Server.ClientOfAsync(Role.Admin);
        using var response = await Server.PostAsync("/api/v1/login", new LoginRequest("ann", Accounts.Password));
        using var client = Server.ClientWith((await response.Content.ReadFromJsonAsync<Secrets>())!.Token);
        Assert.That((await client.GetAsync("/api/v1/runs")).StatusCode, Is.EqualTo(HttpStatusCode.OK));

        (await admin.PutAsJsonAsync("/api/v1/people/ann", new PersonRequest(Role.Viewer), RunJson.Options)).EnsureSuccessStatusCode();

        Assert.That((await client.GetAsync("/api/v1/runs")).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task A_browser_signs_in_reads_and_leaves()
    {
        await Server.AddPersonAsync("ann", Role.Operator);
        using var browser = Browser();
        var refused = await SignInAsync(browser, "ann", "wrong password");
        Assert.That(refused, Does.Contain("Name or password is wrong"));

        var page = await SignInAsync(browser, "ann", Accounts.Password, "/failures");

        Assert.That(page, Does.Contain("<h1>Failures</h1>").And.Contain("ann").And.Contain("Sign out"));
        var form = new FormUrlEncodedContent([KeyValuePair.Create("__RequestVerificationToken", TokenIn(page))]);
        Assert.That(await (await browser.PostAsync("/session/end", form)).Content.ReadAsStringAsync(), Does.Contain("<h1>Sign in</h1>"));
        Assert.That((await browser.GetAsync("/api/v1/runs")).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [TestCase("//elsewhere.example/")]
    [TestCase("https://elsewhere.example/")]
    [TestCase("/\\elsewhere.example")]
    public async Task Nobody_is_sent_elsewhere_after_the_sign_in(string returnUrl)
    {
        await Server.AddPersonAsync("ann", Role.Viewer);
        using var browser = Browser();

        Assert.That(await SignInAsync(browser, "ann", Accounts.Password, returnUrl), Does.Contain("<h1>Rack</h1>"));
    }

    [Test]
    public async Task A_form_that_is_not_of_a_page_of_ours_changes_nothing()
    {
        await Server.AddPersonAsync("ann", Role.Operator);
        using var browser = Browser();
        await SignInAsync(browser, "ann", Accounts.Password);

        using var stop = await browser.PostAsync("/api/v1/runs/r-1/stop", new FormUrlEncodedContent([]));
        using var signIn = await browser.PostAsync("/session", new FormUrlEncodedContent([KeyValuePair.Create("name", "ann"), KeyValuePair.Create("password", Accounts.Password)]));

        Assert.That(new[] { stop.StatusCode, signIn.StatusCode }, Has.All.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task A_session_ends_at_once_when_the_person_is_removed_or_gets_another_role()
    {
        await Server.AddPersonAsync("root", Role.Admin);
        await Server.AddPersonAsync("ann", Role.Operator);
        using var admin = await Server.ClientOfAsync(Role.Admin);
        using var browser = Browser();
        await SignInAsync(browser, "ann", Accounts.Password);
        Assert.That((await browser.GetAsync("/api/v1/runs")).StatusCode, Is.EqualTo(HttpStatusCode.OK));

        (await admin.PutAsJsonAsync("/api/v1/people/ann", new PersonRequest(Role.Viewer), RunJson.Options)).EnsureSuccessStatusCode();

        Assert.That((await browser.GetAsync("/api/v1/runs")).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        using var last = await admin.DeleteAsync("/api/v1/people/root");
        Assert.That(await last.Content.ReadAsStringAsync(), Does.Contain("last admin"));
    }

    [Test]
    public async Task Guessing_is_slowed_down()
    {
        await Server.AddPersonAsync("ann", Role.Admin);
        var answers = new List<HttpStatusCode>();
        for (var guess = 0; guess < 12; guess++)
            answers.Add((await Server.PostAsync("/api/v1/login", new LoginRequest("ann", $"a guess {guess}"))).StatusCode);

        Assert.That(answers.Take(10), Has.All.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(answers.Skip(10), Has.All.EqualTo(HttpStatusCode.TooManyRequests));
    }

    [TestCase("/api/v1/enrol"), TestCase("/session")]
    public async Task The_other_doors_that_take_guesses_are_as_slow(string door)
    {
        await Server.AddPersonAsync("ann", Role.Admin);
        for (var guess = 0; guess < 10; guess++)
        {
            using var answer = await KnockAsync(guess);
            Assert.That(answer.StatusCode, Is.Not.EqualTo(HttpStatusCode.TooManyRequests), "the first ten of a minute are looked at");
        }
        using var refused = await KnockAsync(10);

        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.TooManyRequests));
        Assert.That(refused.Headers.RetryAfter!.Delta, Is.EqualTo(TimeSpan.FromMinutes(1)));
        Assert.That(await refused.Content.ReadAsStringAsync(), Does.Contain("wait a minute"));

        Task<HttpResponseMessage> KnockAsync(int guess) => door == "/session"
            ? Server.Http.SendFormAsync(door, ("name", "ann"), ("password", $"a guess {guess}"))
            : Server.PostAsync(door, new EnrolRequest($"guess-{guess}"));
    }

    [Test]
    public async Task One_who_asks_without_pause_is_told_to_wait_and_others_are_not()
    {
        await using var small = await TestServer.StartAsync(with: options => options with { RequestsASecond = 1 });
        using var greedy = await small.ClientOfAsync(Role.Viewer, "greedy");
        using var other = await small.ClientOfAsync(Role.Viewer, "other");
        var answers = new List<HttpStatusCode>();
        for (var request = 0; request < 30; request++)
        {
            using var answer = await greedy.GetAsync("/api/v1/runs");
            answers.Add(answer.StatusCode);
        }

        Assert.That(answers.Take(4), Has.All.EqualTo(HttpStatusCode.OK), "a burst is four seconds' share");
        Assert.That(answers, Does.Contain(HttpStatusCode.TooManyRequests));
        Assert.That((await other.GetAsync("/api/v1/runs")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task A_command_line_signs_in_for_a_token_and_what_it_changes_is_audited()
    {
        await Server.AddPersonAsync("ann", Role.Operator);
        using var admin = await Server.ClientOfAsync(Role.Admin);
        using var response = await Server.PostAsync("/api/v1/login", new LoginRequest("ann", Accounts.Password));
        using var client = Server.ClientWith((await response.Content.ReadFromJsonAsync<Secrets>())!.Token);

        using var ordered = await client.PostAsJsonAsync("/api/v1/runs", new RunRequest("sequence: a\nboard: kv58\nsteps: [ping]", "a.yaml", "kv58-1"), RunJson.Options);
        var run = (await ordered.Content.ReadFromJsonAsync<RunAccepted>(RunJson.Options))!;
        await client.PostAsync($"/api/v1/runs/{run.RunId}/stop", null);

        var audit = (await admin.GetFromJsonAsync<List<AuditEntry>>("/api/v1/audit", RunJson.Options))!;
        Assert.That(audit.Where(entry => entry.Subject == run.RunId).Select(entry => (entry.Who, entry.Action)), Is.EqualTo(new[] { ("ann", "stop run"), ("ann", "order run") }));
        Assert.That(audit.Select(entry => entry.Action), Does.Contain("issue token").And.Contain("add person"));
        Assert.That(string.Join('\n', audit), Does.Not.Contain(Accounts.Password).And.Not.Contain("hr_"));
    }

    private HttpClient Browser() => new(new HttpClientHandler { CookieContainer = new CookieContainer() }) { BaseAddress = Server.Url };

    private static async Task<string> SignInAsync(HttpClient browser, string name, string password, string returnUrl = "/")
    {
        var page = await browser.GetStringAsync("/login");
        using var response = await browser.PostAsync("/session", new FormUrlEncodedContent(
        [
            KeyValuePair.Create("name", name),
            KeyValuePair.Create("password", password),
            KeyValuePair.Create("returnUrl", returnUrl),
            KeyValuePair.Create("__RequestVerificationToken", TokenIn(page)),
        ]));
        return await response.Content.ReadAsStringAsync();
    }

    private static string TokenIn(string page) => VerificationToken().Match(page).Groups[1].Value;

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex VerificationToken();
}
