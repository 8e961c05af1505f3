using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using HilRig.Model.Runs;
using HilRig.Server.Api;
using HilRig.Server.Security;
using HilRig.Tests.Server.Security;
using NUnit.Framework;

namespace HilRig.Tests.Server;

/// <summary>What the API answers to the good, the bad and the foreign.</summary>
public sealed class ApiTests
{
    private const string Sequence = "sequence: ping\nboard: kv58\nsteps:\n  - ping\n";
    private TestServer server = null!;

    [OneTimeSetUp]
    public async Task Start() => server = await TestServer.StartAsync();

    [OneTimeTearDown]
    public async Task Stop() => await server.DisposeAsync();

    [TestCase("""{"place":"kv58-1","sequenceName":"a.yaml","sequence":"sequence: a\nboard: kv58\nstepz: []"}""", "a.yaml:3:1:", "did you mean `steps`?")]
    [TestCase("""{"place":"kv58-1","sequenceName":"a.yaml","sequence":"- 1\n- ["}""", "a.yaml:", "not valid YAML")]
    [TestCase("""{"place":"../etc","sequenceName":"a.yaml","sequence":"x: 1"}""", "place:", "letters, digits")]
    [TestCase("""{"place":"kv58-1","sequenceName":"a.yaml","sequence":"x","cycles":0}""", "cycles: 0", "1 to 10000000")]
    [TestCase("""{"place":"kv58-1","sequenceName":"a.yaml","sequence":"x","seed":-1}""", "seed: -1", "0 or more")]
    [TestCase("""{"place":"kv58-1","sequenceName":" ","sequence":"x"}""", "sequenceName", "file's name")]
    [TestCase("""{"place":"kv58-1"}""", "sequence", "missing required")]
    [TestCase("""{"place":null,"sequenceName":"a.yaml","sequence":"x"}""", "place", "either")]
    [TestCase("""{"place":"kv58-1","sequenceName":"a.yaml","sequence":"x","cicles":3}""", "cicles", "")]
    [TestCase("""{"place":17""", "$.place", "")]
    public async Task A_bad_order_is_answered_with_the_field_or_the_line_that_is_wrong(string body, string subject, string remedy)
    {
        var response = await server.Http.PostAsync("/api/v1/runs", new StringContent(body, null, "application/json"));

        await AssertProblemAsync(response, HttpStatusCode.BadRequest, subject, remedy);
    }

    [TestCase(null, "YWJj", null, "imageName")]
    [TestCase("a.bin", "%%%", null, "not base64")]
    [TestCase("a.bin", null, null, "it is missing")]
    [TestCase("a.bin", null, "../../etc/passwd", "no SHA-256")]
    [TestCase("a.bin", null, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a0", "the server holds no image")]
    [TestCase("a.bin", "YWJj", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015a0", "the image sent has ba7816bf")]
    public async Task A_bad_image_is_refused_in_words(string? imageName, string? image, string? imageDigest, string words)
    {
        var response = await server.PostAsync("/api/v1/runs", new { place = "kv58-1", sequence = Sequence, sequenceName = "a.yaml", imageName, image, imageDigest });

        await AssertProblemAsync(response, HttpStatusCode.BadRequest, words);
    }

    [Test]
    public async Task An_image_is_stored_by_its_digest_and_may_then_be_named_by_it()
    {
        var image = RandomNumberGenerator.GetBytes(5000);
        var imageDigest = Convert.ToHexStringLower(SHA256.HashData(image));
        var sent = await server.PostAsync("/api/v1/runs", new { place = "kv58-1", sequence = Sequence, sequenceName = "a.yaml", imageName = "a.bin", image = Convert.ToBase64String(image) });
        var named = await server.PostAsync("/api/v1/runs", new { place = "kv58-1", sequence = Sequence, sequenceName = "a.yaml", imageName = "a.bin", imageDigest });

        Assert.That(new[] { sent.StatusCode, named.StatusCode }, Has.All.EqualTo(HttpStatusCode.Accepted));
        Assert.That(await server.Http.GetByteArrayAsync($"/api/v1/artifacts/{imageDigest}"), Is.EqualTo(image));
    }

    [Test]
    public async Task An_accepted_run_has_an_id_of_its_place_and_can_be_followed_at_once()
    {
        var response = await server.PostAsync("/api/v1/runs", new { place = "kv58-7", sequence = Sequence, sequenceName = "a.yaml" });
        var accepted = (await response.Content.ReadFromJsonAsync<RunAccepted>(RunJson.Options))!;

        Assert.That(accepted.RunId, Does.Match(@"^r-\d{8}-\d{6}-kv58-7-[0-9a-f]{4}$"));
        Assert.That(accepted.Waiting, Does.Contain("kv58-7"));
        Assert.That((await server.GetAsync<RunStatus>(response.Headers.Location!.ToString())).State, Is.EqualTo(RunStage.Queued));
        Assert.That(await server.GetAsync<List<QueuedRun>>("/api/v1/queue"), Has.One.Property("RunId").EqualTo(accepted.RunId));
    }

    [Test]
    public async Task Runs_are_read_page_by_page_and_by_what_they_are()
    {
        await using var fresh = await TestServer.StartAsync();
        for (var number = 0; number < 5; number++)
            await fresh.Service<HilRig.Server.Storage.IngestWriter>().AppendAsync(new RunScript($"r-{number}", number % 2 == 0 ? "kv58-1" : "kv58-2", at: RunScript.Evening.AddMinutes(number)).Cycle(number == 4 ? RunScript.CumulativeWrite : null).End().Batch(), default);
        var address = "/api/v1/runs?place=kv58-1&limit=2";
        var pages = new List<string>();
        while (address.Length > 0)
        {
            using var response = await fresh.Http.GetAsync(address);
            pages.Add(string.Join(' ', (await response.Content.ReadFromJsonAsync<List<RunSummary>>(RunJson.Options))!.Select(run => run.RunId)));
            address = response.Headers.TryGetValues("Link", out var link) ? link.Single()[1..link.Single().IndexOf('>', StringComparison.Ordinal)] : "";
        }

        Assert.That(pages, Is.EqualTo(new[] { "r-4 r-2", "r-0" }));
        Assert.That((await fresh.GetAsync<List<RunSummary>>("/api/v1/runs?verdict=fail")).Select(run => run.RunId), Is.EqualTo(new[] { "r-4" }));
        Assert.That(await fresh.GetAsync<List<RunSummary>>("/api/v1/runs?release=none"), Is.Empty);
        Assert.That(await fresh.GetAsync<List<RunSummary>>("/api/v1/runs?sequence=re-update&limit=3"), Has.Count.EqualTo(3));
        Assert.That((await fresh.GetAsync<List<RunSummary>>("/api/v1/runs?layer=product&verdict=")).Select(run => run.RunId), Is.EqualTo(new[] { "r-4" }));
        Assert.That(await fresh.GetAsync<List<RunSummary>>("/api/v1/runs?layer=rig"), Is.Empty);
        Assert.That((await fresh.GetAsync<List<RunSummary>>("/api/v1/runs?from=2026-01-21T22:01:00Z&to=2026-01-21T22:03:00Z")).Select(run => run.RunId), Is.EqualTo(new[] { "r-2", "r-1" }));
        await fresh.Service<HilRig.Server.Storage.IngestWriter>().AppendAsync(new RunScript("r-5", at: RunScript.Evening).Cycle().Batch(), default);
        Assert.That((await fresh.GetAsync<List<RunSummary>>("/api/v1/runs?state=running")).Select(run => run.RunId), Is.EqualTo(new[] { "r-5" }));
        Assert.That(await fresh.GetAsync<List<RunSummary>>("/api/v1/runs?state=ended"), Has.Count.EqualTo(5));
        using var odd = await fresh.Http.GetAsync("/api/v1/runs?verdict=green");
        Assert.That(await odd.Content.ReadAsStringAsync(), Does.Contain("verdict: `green` is not known; not-set, pass, inconclusive, fail, aborted, error are"));
    }

    [Test]
    public async Task Flags_people_tokens_and_the_audit_are_read_page_by_page_to_their_end()
    {
        await using var fresh = await TestServer.StartAsync();
        using var admin = await fresh.ClientOfAsync(Role.Admin);
        for (var number = 0; number < 3; number++)
        {
            var failure = RunScript.CumulativeWrite with { Code = $"1020{number}" };
            await fresh.Service<HilRig.Server.Storage.IngestWriter>().AppendAsync(new RunScript($"r-{number}", at: RunScript.Evening.AddMinutes(number)).Cycle(failure).End().Batch(), default);
            await fresh.AddPersonAsync($"person-{number}", Role.Viewer);
        }
        foreach (var list in new[] { "/api/v1/flags", "/api/v1/people", "/api/v1/tokens", "/api/v1/audit" })
        {
            var whole = (await admin.GetFromJsonAsync<List<JsonElement>>(list))!.ConvertAll(element => element.ToString());
            var seen = new List<string>();
            for (var address = $"{list}?limit=2"; address.Length > 0;)
            {
                using var response = await admin.GetAsync(address);
                var page = (await response.Content.ReadFromJsonAsync<List<JsonElement>>())!;
                Assert.That(page, Has.Count.LessThanOrEqualTo(2), list);
                seen.AddRange(page.Select(element => element.ToString()));
                address = response.Headers.TryGetValues("Link", out var link) ? link.Single()[1..link.Single().IndexOf('>', StringComparison.Ordinal)] : "";
            }
            Assert.That(seen, Is.EqualTo(whole).And.Not.Empty, list);
        }
    }

    [TestCase("/api/v1/runs/r-none")]
    [TestCase("/api/v1/runs/r-none/events")]
    [TestCase("/api/v1/flags/none")]
    [TestCase("/api/v1/flags/none/failures")]
    [TestCase("/api/v1/artifacts/0000")]
    [TestCase("/api/v1/artifacts/..%2F..%2Fhilrig.db")]
    [TestCase("/api/v2/runs")]
    public async Task What_is_not_there_is_a_problem_in_words(string address) =>
        await AssertProblemAsync(await server.Http.GetAsync(address), HttpStatusCode.NotFound, "there is no");

    [TestCase("/api/v1/runs?limit=many", "limit")]
    [TestCase("/api/v1/runs/r-1/events?after=x", "after")]
    public async Task A_number_that_is_none_is_named(string address, string parameter) =>
        await AssertProblemAsync(await server.Http.GetAsync(address), HttpStatusCode.BadRequest, parameter);

    [Test]
    public async Task Another_body_than_JSON_is_refused() =>
        await AssertProblemAsync(await server.Http.PostAsync("/api/v1/runs", new StringContent("x")), HttpStatusCode.UnsupportedMediaType);

    [Test]
    public async Task A_page_of_another_site_may_change_nothing()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/runs/r-1/stop");
        request.Headers.Add("Origin", "https://elsewhere.example");

        await AssertProblemAsync(await server.Http.SendAsync(request), HttpStatusCode.Forbidden, "elsewhere.example");
    }

    [Test]
    public async Task A_name_that_somebody_points_at_this_machine_reads_nothing()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/runs") { Headers = { Host = "rebound.example" } };

        await AssertProblemAsync(await server.Http.SendAsync(request), HttpStatusCode.Forbidden, "rebound.example");
    }

    [Test]
    public async Task Health_and_the_description_of_the_API_are_served()
    {
        Assert.That(await server.Http.GetStringAsync("/healthz"), Is.EqualTo("Healthy"));
        using var description = JsonDocument.Parse(await server.Http.GetStringAsync("/openapi/v1.json"));
        var paths = description.RootElement.GetProperty("paths").EnumerateObject().Select(path => path.Name);
        Assert.That(paths, Is.SupersetOf(new[]
        {
            "/api/v1/runs", "/api/v1/runs/{runId}", "/api/v1/runs/{runId}/events", "/api/v1/runs/{runId}/stop", "/api/v1/queue", "/api/v1/places",
            "/api/v1/flags", "/api/v1/flags/{flagId}", "/api/v1/artifacts/{digest}",
        }));
    }

    private static async Task AssertProblemAsync(HttpResponseMessage response, HttpStatusCode status, params string[] words)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.That(response.StatusCode, Is.EqualTo(status), body);
        Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/problem+json"), body);
        using var problem = JsonDocument.Parse(body);
        var detail = problem.RootElement.TryGetProperty("detail", out var text) ? text.GetString() : "";
        foreach (var word in words)
            Assert.That(detail, Does.Contain(word).IgnoreCase);
        Assert.That(body, Does.Not.Contain("   at "), "a stack trace");
    }
}
