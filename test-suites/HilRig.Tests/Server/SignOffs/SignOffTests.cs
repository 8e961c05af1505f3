using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using HilRig.Analysis.SignOff;
using HilRig.Model.Runs;
using HilRig.Model.SignOffs;
using HilRig.Server.Retention;
using HilRig.Server.Security;
using HilRig.Server.Storage;
using HilRig.Tests.Server.Security;
using NUnit.Framework;

namespace HilRig.Tests.Server.SignOffs;

/// <summary>A sign-off at the server: planned before the first cycle, counted live, approved by two people, packed and verified.</summary>
public sealed class SignOffTests
{
    private const string Plan = "release: 2.0.0+1f0c\nlimit: 0.05\nconfidence: 0.9\nplaces: [kv58-1]\nmix: {re-update: 1}\nmost-voided: 0.2\n";
    private const int Needed = 45;
    private HandClock clock = null!;
    private TestServer server = null!;
    private HttpClient qa = null!;

    [SetUp]
    public async Task Start()
    {
        clock = new HandClock(RunScript.Evening.AddMinutes(-5));
        server = await TestServer.StartAsync(time: clock);
        await server.AddPersonAsync("ann", Role.Qa);
        await server.AddPersonAsync("bob", Role.Qa);
        await server.AddPersonAsync("eve", Role.Viewer);
        qa = await server.SignInAsync("ann", Accounts.Password);
    }

    [TearDown]
    public async Task Stop()
    {
        qa.Dispose();
        await server.DisposeAsync();
    }

    [Test]
    public async Task A_plan_is_fixed_counts_what_runs_since_and_becomes_an_approved_dossier_by_two_peoples_forms()
    {
        await server.StoreAsync(Clean("r-before", 60, RunScript.Evening.AddHours(-2)));
        var release = await qa.SubmitAsync(await qa.ReadPageAsync("/releases"), "/releases/plan", HttpStatusCode.OK, ("plan", Plan));
        Assert.That(release, Does.Contain("Running").And.Contain($"0 of {Needed} cycles").And.Contain("fixed by"), "what ran before does not count");

        var run = Clean("r-1", Needed, RunScript.Evening);
        await server.StoreAsync(run);
        await server.StoreAsync(new RunScript("r-2", at: RunScript.Evening.AddHours(1)).Cycle(RunScript.Silence, Layer.Rig));
        clock.Move(TimeSpan.FromMinutes(1));
        release = await qa.ReadPageAsync("/releases/2.0.0%2B1f0c");
        Assert.That(release, Does.Contain("Waits for approval").And.Contain("approved by 0 of 2").And.Contain("1 run goes on"), "no form while something goes on");
        Assert.That(release, Does.Contain(SignOffSamples.RigRule).And.Contain("r-2"));

        await server.StoreAsync(new RunScript("r-2", at: RunScript.Evening.AddHours(1)).Cycle(RunScript.Silence, Layer.Rig).End());
        clock.Move(TimeSpan.FromMinutes(1));
        var view = (await ReadAsync())!;
        var action = $"/api/v1/sign-offs/{view.Id}/approvals";
        release = await qa.SubmitAsync(await qa.ReadPageAsync("/releases/2.0.0%2B1f0c"), action);
        Assert.That(release, Does.Contain("approved by 1 of 2").And.Contain("ann has given his word").And.Not.Contain(action));

        await server.StoreAsync(Clean("r-later", 5, RunScript.Evening.AddHours(3)));
        using var bob = await server.SignInAsync("bob", Accounts.Password);
        release = await bob.SubmitAsync(await bob.ReadPageAsync("/releases/2.0.0%2B1f0c"), action);
        Assert.That(release, Does.Contain("Approved by two people").And.Contain("approved by ann and bob"));

        var zip = await qa.GetByteArrayAsync($"/api/v1/sign-offs/{view.Id}/dossier");
        var check = DossierCheck.Of(zip, "dossier.zip");
        Assert.That((check.Problems, check.Approval, check.Figures!.Cycles, check.Head), Is.EqualTo((Array.Empty<string>(), (string?)null, (long)Needed, view.Head)));
        using var archive = new ZipArchive(new MemoryStream(zip));
        Assert.That(archive.Entries.Select(entry => entry.FullName), Does.Contain("events/r-1.jsonl").And.Not.Contain("events/r-later.jsonl"), "the first word fixed the runs");
        Assert.That(await server.Service<RetentionStore>().FindProtectionAsync("r-1", default), Does.Contain("the sign-off of 2.0.0+1f0c rests on it"));
        Assert.That(await qa.ReadPageAsync("/releases"), Does.Contain("Approved").And.Contain($"/api/v1/sign-offs/{view.Id}/dossier"));
    }

    [Test]
    public async Task What_was_approved_stays_as_it_was_when_a_later_program_makes_something_else_of_its_events()
    {
        await qa.SubmitAsync(await qa.ReadPageAsync("/releases"), "/releases/plan", HttpStatusCode.OK, ("plan", Plan));
        await server.StoreAsync(Clean("r-1", Needed, RunScript.Evening));
        clock.Move(TimeSpan.FromMinutes(1));
        var id = (await ReadAsync())!.Id;
        using var first = await qa.PostAsync($"/api/v1/sign-offs/{id}/approvals", null);
        var before = DossierCheck.Of(await qa.GetByteArrayAsync($"/api/v1/sign-offs/{id}/dossier"), "before.zip");
        // Another program's figures are other bytes; other events are, too.
        await server.Service<IDatabase>().WriteAsync(
            transaction => transaction.Connection!.ExecuteAsync("UPDATE event SET at_ns = at_ns + 1000000000 WHERE number = 2", transaction: transaction), default);
        clock.Move(TimeSpan.FromMinutes(1));

        using var bob = await server.SignInAsync("bob", Accounts.Password);
        using var second = await bob.PostAsync($"/api/v1/sign-offs/{id}/approvals", null);

        Assert.That(await ReadAsync(), Has.Property("Stage").EqualTo(SignOffStage.Approved).And.Property("Head").EqualTo(before.Head));
        var after = DossierCheck.Of(await qa.GetByteArrayAsync($"/api/v1/sign-offs/{id}/dossier"), "after.zip");
        Assert.That((after.Problems, after.Approval, after.Head), Is.EqualTo((Array.Empty<string>(), (string?)null, before.Head)));
        Assert.That(await qa.GetStringAsync($"/api/v1/sign-offs/{id}/dossier.html"), Does.Contain("Sign-off of 2.0.0+1f0c: met"));

        var file = Directory.GetFiles(Path.Combine(server.Directory, "dossiers")).Single();
        await File.WriteAllBytesAsync(file, Dossier.Pack([("format.txt", [])]));
        using var damaged = await qa.GetAsync($"/api/v1/sign-offs/{id}/dossier");
        Assert.That(await DetailAsync(damaged, HttpStatusCode.BadRequest), Does.Contain("not those that were approved"));
    }

    [Test]
    public async Task A_failure_more_than_the_plan_allows_decides_and_the_plan_cannot_be_changed_or_begun_again()
    {
        await qa.SubmitAsync(await qa.ReadPageAsync("/releases"), "/releases/plan", HttpStatusCode.OK, ("plan", Plan));
        await server.StoreAsync(new RunScript("r-1").Cycle().Cycle(RunScript.CumulativeWrite).End());
        clock.Move(TimeSpan.FromMinutes(1));

        var page = await qa.ReadPageAsync("/releases/2.0.0%2B1f0c");
        var refusal = await qa.SubmitAsync(await qa.ReadPageAsync("/releases"), "/releases/plan", HttpStatusCode.BadRequest, ("plan", Plan.Replace("0.05", "0.5", StringComparison.Ordinal)));

        Assert.That(page, Does.Contain("Missed").And.Contain("nor by starting it again").And.Not.Contain("/approvals"));
        Assert.That(refusal, Does.Contain("Not done").And.Contain("`limit` was 0.05 and now is 0.5"));
        using var response = await qa.PostAsync($"/api/v1/sign-offs/{(await ReadAsync())!.Id}/approvals", null);
        Assert.That(await DetailAsync(response, HttpStatusCode.BadRequest), Does.Contain("nothing to approve yet: failed"));
    }

    [Test]
    public async Task Who_may_not_is_told_why_and_a_machine_is_no_person()
    {
        using var viewer = await server.SignInAsync("eve", Accounts.Password);
        await qa.SubmitAsync(await qa.ReadPageAsync("/releases"), "/releases/plan", HttpStatusCode.OK, ("plan", Plan));
        await server.StoreAsync(Clean("r-1", Needed, RunScript.Evening));
        clock.Move(TimeSpan.FromMinutes(1));
        var id = (await ReadAsync())!.Id;

        Assert.That(await viewer.ReadPageAsync("/releases"), Does.Contain("eve is viewer here").And.Not.Contain("Fix the plan"));
        Assert.That(await viewer.ReadPageAsync("/releases/2.0.0%2B1f0c"), Does.Contain("Approval is for the role").And.Not.Contain("/approvals"));
        using var refused = await viewer.SendFormAsync($"/api/v1/sign-offs/{id}/approvals");
        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(await refused.Content.ReadAsStringAsync(), Does.Contain("eve is viewer here, which is not enough for this").And.Contain("<html"));
        using var foreign = await qa.SendFormAsync("/releases/plan", ("plan", Plan));
        Assert.That(foreign.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest), "a form that is not of our page");
        using var machine = await server.ClientOfAsync(Role.Qa, "ci");
        using var response = await machine.PostAsync($"/api/v1/sign-offs/{id}/approvals", null);
        Assert.That(await DetailAsync(response, HttpStatusCode.BadRequest), Does.Contain("ci is a machine's token"));
    }

    [TestCase("limit: 2\n", "`limit` must lie between 0 and 1")]
    [TestCase("release: a\n", "`limit:` is missing")]
    [TestCase("[", "plan:")]
    public async Task A_plan_that_is_none_is_refused_with_the_place_of_the_mistake(string plan, string message)
    {
        using var response = await qa.PostAsJsonAsync("/api/v1/sign-offs", new { plan = plan.StartsWith("limit", StringComparison.Ordinal) ? "release: a\n" + plan : plan });
        Assert.That(await DetailAsync(response, HttpStatusCode.BadRequest), Does.Contain(message));
    }

    [Test]
    public async Task Events_that_were_deleted_leave_plan_and_names_and_say_what_cannot_be_counted()
    {
        await qa.SubmitAsync(await qa.ReadPageAsync("/releases"), "/releases/plan", HttpStatusCode.OK, ("plan", Plan));
        await server.StoreAsync(Clean("r-1", 3, RunScript.Evening));
        clock.Move(TimeSpan.FromDays(40));
        await server.Service<RetentionStore>().ApplyAsync(new Keeping(Events: TimeSpan.FromDays(30)), default);

        using var later = await server.SignInAsync("ann", Accounts.Password);
        Assert.That(await later.ReadPageAsync("/releases/2.0.0%2B1f0c"), Does.Contain("Cannot be counted").And.Contain("--keep-events").And.Contain("What still holds"));
    }

    [Test]
    public async Task The_dossiers_page_is_read_and_printed_with_no_style_but_its_own()
    {
        await qa.SubmitAsync(await qa.ReadPageAsync("/releases"), "/releases/plan", HttpStatusCode.OK, ("plan", Plan));
        await server.StoreAsync(Clean("r-1", 3, RunScript.Evening));
        clock.Move(TimeSpan.FromMinutes(1));

        using var response = await qa.GetAsync($"/api/v1/sign-offs/{(await ReadAsync())!.Id}/dossier.html");

        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("Sign-off of 2.0.0+1f0c: open").And.Contain("@media print"));
        Assert.That(response.Headers.GetValues("Content-Security-Policy").Single(), Does.Contain("style-src 'sha256-").And.Not.Contain("script").And.Not.Contain("unsafe"));
    }

    private async Task<SignOffView?> ReadAsync() => (await qa.GetFromJsonAsync<List<SignOffView>>("/api/v1/sign-offs", RunJson.Options))!.SingleOrDefault();

    private static RunScript Clean(string runId, int cycles, DateTimeOffset at) => new RunScript(runId, cycles: cycles, at: at).Cycles(cycles).End();

    private static async Task<string> DetailAsync(HttpResponseMessage response, HttpStatusCode expected)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.That(response.StatusCode, Is.EqualTo(expected), text);
        using var problem = JsonDocument.Parse(text);
        return problem.RootElement.GetProperty("detail").GetString()!;
    }
}
