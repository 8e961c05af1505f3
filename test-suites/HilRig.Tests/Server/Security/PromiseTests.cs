using System.Net;
using System.Net.Http.Json;
using System.Text;
using Dapper;
using HilRig.Model.Runs;
using HilRig.Server.Api;
using HilRig.Server.Campaigns;
using HilRig.Server.Retention;
using HilRig.Server.Security;
using HilRig.Server.SignOffs;
using HilRig.Server.Storage;
using HilRig.Server.Webhooks;
using HilRig.Tests.SystemTests;
using Microsoft.Data.Sqlite;
using NUnit.Framework;

namespace HilRig.Tests.Server.Security;

/// <summary>What docs/security.md promises and no other test here shows.</summary>
public sealed class PromiseTests
{
    private const string Sequence = "sequence: ping\nboard: kv58\nsteps:\n  - ping\n";
    private TestServer server = null!;

    [SetUp]
    public async Task Start() => server = await TestServer.StartAsync();

    [TearDown]
    public async Task Stop() => await server.DisposeAsync();

    [Test]
    public async Task A_session_cookie_is_out_of_reach_of_scripts_and_of_other_sites()
    {
        await server.AddPersonAsync("ann", Role.Viewer);
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = server.Url };
        var page = await browser.GetStringAsync("/login");
        var proof = page.Split("name=\"__RequestVerificationToken\" value=\"")[1].Split('"')[0];
        using var response = await browser.PostAsync("/session", new FormUrlEncodedContent(new Dictionary<string, string> { ["name"] = "ann", ["password"] = Accounts.Password, ["__RequestVerificationToken"] = proof }));

        Assert.That(response.Headers.GetValues("Set-Cookie").Single(cookie => cookie.StartsWith("hilrig=", StringComparison.Ordinal)), Does.Contain("httponly").And.Contain("samesite=lax"));
    }

    [Test]
    public async Task Passwords_are_kept_as_ASP_NETs_hasher_writes_them()
    {
        await server.AddPersonAsync("ann", Role.Viewer);
        await using var reader = await server.Service<IDatabase>().OpenReaderAsync(default);
        var kept = Convert.FromBase64String((await reader.ExecuteScalarAsync<string>("SELECT password FROM person"))!);

        // Version 3: 0x01, the PRF (2 is HMAC-SHA512), the iterations, the length of the salt; each four bytes, big-endian.
        Assert.That(kept[0], Is.EqualTo(1));
        Assert.That(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(kept.AsSpan(1)), Is.EqualTo(2));
        Assert.That(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(kept.AsSpan(5)), Is.GreaterThanOrEqualTo(100_000));
    }

    [Test]
    public async Task What_is_too_large_is_refused_before_it_is_read()
    {
        foreach (var (path, type, size) in new[] { ("/api/v1/import", "text/csv", 65 << 20), ("/api/v1/runs", "application/json", 18 << 20), ("/api/v1/campaigns", "application/json", 18 << 20) })
        {
            // The server answers and hangs up while the rest is still on its way, which some clients take for an error.
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(new byte[size]) { Headers = { ContentType = new(type) } } };
            request.Headers.ExpectContinue = true;
            using var response = await server.Http.SendAsync(request);
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge), path);
        }
    }

    [TestCase("app.hex"), TestCase("app.srec"), TestCase("app.elf"), TestCase("../app.bin"), TestCase("a/b.bin")]
    public async Task An_image_that_is_not_what_its_name_says_or_lies_in_a_folder_is_refused(string name)
    {
        using var response = await server.PostAsync("/api/v1/runs", new RunRequest(Sequence, "a.yaml", "kv58-1", name, Convert.ToBase64String(Encoding.ASCII.GetBytes("no image"))));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("image"));
    }

    [TestCase("/api/v1/artifacts/..%2F..%2Fhilrig.db"), TestCase("/api/v1/artifacts/..%2f..%2fkeys"), TestCase("/api/v1/runs/..%2F..%2Fhilrig.db/export"), TestCase("/assets/..%2F..%2Fhilrig.db")]
    public async Task No_address_becomes_a_path(string address)
    {
        using var response = await server.Http.GetAsync(address);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Not.Contain("SQLite format"));
    }

    [Test]
    public async Task At_its_most_talkative_the_server_logs_no_secret()
    {
        var data = Directory.CreateTempSubdirectory("hilrig-quiet-").FullName;
        using var program = Child.Start("hilrig-server", new Dictionary<string, string?> { ["Logging__LogLevel__Default"] = "Trace" }, ["--data", data, "--port", "0", "--private-webhooks"]);
        var url = new Uri((await program.WaitForAsync("http://")).Split(' ').First(word => word.StartsWith("http://", StringComparison.Ordinal)));
        using var client = new HttpClient { BaseAddress = url };
        (await client.PutAsJsonAsync("/api/v1/people/ann", new PersonRequest(Role.Admin, Accounts.Password), RunJson.Options)).EnsureSuccessStatusCode();
        var token = await SecretAsync(await client.PostAsJsonAsync("/api/v1/login", new LoginRequest("ann", Accounts.Password)), "token");
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        var code = await SecretAsync(await client.PostAsJsonAsync("/api/v1/enrolments", new InviteRequest("bench-1")), "code");
        var agent = await SecretAsync(await client.PostAsJsonAsync("/api/v1/enrol", new EnrolRequest(code)), "token");
        var signature = await SecretAsync(await client.PostAsJsonAsync("/api/v1/webhooks", new WebhookRequest("http://127.0.0.1:1/hook")), "secret");
        client.DefaultRequestHeaders.Authorization = new("Bearer", "hr_000000000000_a-wrong-one");
        await client.GetAsync("/api/v1/runs");
        await program.WaitForAsync("no such token");
        await program.CrashAsync();

        Assert.That(program.Output, Does.Contain("Microsoft.AspNetCore"), "it was talkative");
        foreach (var secret in new[] { Accounts.Password, token, agent, code, signature, "a-wrong-one" })
            Assert.That(program.Output, Does.Not.Contain(secret));
        Directory.Delete(data, recursive: true);
    }

    private static async Task<string> SecretAsync(HttpResponseMessage response, string name)
    {
        using (response)
        {
            Assert.That(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
            return (await response.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>()).GetProperty(name).GetString()!;
        }
    }
}
