using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Dapper;
using HilRig.Model.Runs;
using HilRig.Server.Api;
using HilRig.Server.Campaigns;
using HilRig.Server.Retention;
using HilRig.Server.Security;
using HilRig.Server.SignOffs;
using HilRig.Server.Storage;
using HilRig.Server.Webhooks;
using Microsoft.Data.Sqlite;
using NUnit.Framework;

namespace HilRig.Tests.Server.Security;

/// <summary>Audit in the same transaction as the change: every address of the OpenAPI document that changes something, so that a new one cannot be forgotten.</summary>
public sealed class AuditTests
{
    private const string Sequence = "sequence: ping\nboard: kv58\nsteps:\n  - ping\n";
    private const string Plan = "release: 2.0.0+1f0c\nlimit: 0.05\nconfidence: 0.9\nplaces: [kv58-1]\nmix: {re-update: 1}\n";
    private const int Needed = 45;
    private static readonly string[] Reading = ["get", "head", "options"];

    /// <summary>What changes nothing that a person decided, and why.</summary>
    private static readonly Dictionary<string, string> Exempt = new()
    {
        ["PUT /api/v1/artifacts/{digest}"] = "an agent's evidence under its own digest, as its events are",
        ["POST /api/v1/investigations/{flagId}/run"] = "orders a run as POST /api/v1/runs/{runId}/again does, from a report that takes a night",
    };

    private TestServer server = null!;
    private HttpClient admin = null!;
    private TestAgent? agent;

    [SetUp]
    public async Task Start()
    {
        server = await TestServer.StartAsync();
        await server.AddPersonAsync("root", Role.Admin);
        await server.AddPersonAsync("ann", Role.Viewer);
        using var response = await server.PostAsync("/api/v1/login", new LoginRequest("root", Accounts.Password));
        admin = server.ClientWith((await response.Content.ReadFromJsonAsync<Secrets>())!.Token);
    }

    [TearDown]
    public async Task Stop()
    {
        if (agent is not null)
            await agent.DisposeAsync();
        admin.Dispose();
        await server.DisposeAsync();
    }

    [Test]
    public async Task What_cannot_be_audited_does_not_happen()
    {
        var changes = await PrepareAsync();
        using var document = JsonDocument.Parse(await admin.GetStringAsync("/openapi/v1.json"));
        var changing = document.RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Where(operation => !Reading.Contains(operation.Name)).Select(operation => $"{operation.Name.ToUpperInvariant()} {path.Name}"));
        Assert.That(changes.Select(change => change.Endpoint).Concat(Exempt.Keys), Is.EquivalentTo(changing), "each changing address is tried below, or exempt with its reason");
        var before = await StateAsync();
        Execute("CREATE TRIGGER no_audit BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'the audit is full'); END");

        foreach (var (endpoint, address, body) in changes)
        {
            using var request = new HttpRequestMessage(new HttpMethod(endpoint.Split(' ')[0]), $"/api/v1/{address}") { Content = body as HttpContent ?? JsonContent.Create(body ?? new { }, options: RunJson.Options) };
            using var response = await admin.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError), $"{endpoint}: {text}");
            Assert.That(text, Does.Not.Contain("   at "), "a stack trace is nobody's business");
            Assert.That(await StateAsync(), Is.EqualTo(before), endpoint);
        }
    }

    /// <summary>Something for each address to change: its template, what is sent to, and the body.</summary>
    private async Task<IReadOnlyList<(string Endpoint, string Address, object? Body)>> PrepareAsync()
    {
        await server.StoreAsync(new RunScript("r-old").Cycle().End());
        await server.StoreAsync(new RunScript("r-kept").Cycle().End());
        await SendAsync("PUT", "runs/r-kept/protection", new ProtectRequest("signed off"));
        agent = await TestAgent.ConnectAsync(server, await EnrolAsync("bench-1"));
        await agent.HelloAsync("bench-1", ["kv58-1"], []);
        var failed = new RunScript(await OrderAsync());
        await agent.NextOrderAsync();
        for (var cycle = 0; cycle < 40; cycle++)
            failed.Cycle(cycle % 4 == 0 ? RunScript.CumulativeWrite : null);
        await agent.AppendAsync(failed.End().Batch(1));
        var runs = new List<string>();
        for (var run = 0; run < 2; run++)
            runs.Add(await OrderAsync());
        await agent.NextOrderAsync();
        var (running, waiting) = (runs[0], runs[1]);
        var campaigns = new List<string>();
        for (var campaign = 0; campaign < 2; campaign++)
            campaigns.Add((await SendAsync("POST", "campaigns", new CampaignRequest("a", Sequence, "a.yaml", "k64", Runs: 1))).GetProperty("campaign").GetProperty("id").GetString()!);
        await SendAsync("POST", $"campaigns/{campaigns[1]}/pause", null);
        await SendAsync("POST", "places/k64-1/pause", new PauseRequest("its cable is loose"));
        var webhook = (await SendAsync("POST", "webhooks", new WebhookRequest("https://chat.example/hook"))).GetProperty("webhook").GetProperty("id").GetString();
        await SendAsync("POST", "tokens", new TokenRequest("nightly", Role.Viewer));
        var token = (await server.Service<TokenStore>().ListAsync(default)).Single(known => known.Name == "nightly").Id;
        var signOff = (await SendAsync("POST", "sign-offs", new SignOffRequest(Plan))).GetProperty("id").GetString();
        await server.StoreAsync(new RunScript("r-new", at: TimeProvider.System.GetUtcNow().AddMinutes(1), cycles: Needed).Cycles(Needed).End());
        var flag = (await server.Service<IRunReader>().ListFlagsAsync(default))[0].Id;
        var code = (await SendAsync("POST", "enrolments", new InviteRequest("bench-9"))).GetProperty("code").GetString()!;
        return
        [
            ("POST /api/v1/runs", "runs", new RunRequest(Sequence, "a.yaml", "kv58-1")),
            .. new[] { "pause", "resume", "skip", "stop-now", "stop" }.Select(verb => ($"POST /api/v1/runs/{{runId}}/{verb}", $"runs/{running}/{verb}", (object?)null)),
            ("POST /api/v1/runs/{runId}/again", $"runs/{waiting}/again", null),
            ("PUT /api/v1/runs/{runId}/protection", "runs/r-old/protection", new ProtectRequest("signed off")),
            ("DELETE /api/v1/runs/{runId}/protection", "runs/r-kept/protection", null),
            ("POST /api/v1/campaigns", "campaigns", new CampaignRequest("a", Sequence, "a.yaml", "kv58", Runs: 1)),
            ("POST /api/v1/campaigns/{campaignId}/pause", $"campaigns/{campaigns[0]}/pause", null),
            ("POST /api/v1/campaigns/{campaignId}/resume", $"campaigns/{campaigns[1]}/resume", null),
            ("POST /api/v1/campaigns/{campaignId}/stop", $"campaigns/{campaigns[0]}/stop", null),
            ("PUT /api/v1/campaigns/{campaignId}/priority", $"campaigns/{campaigns[0]}/priority", new PriorityRequest(7)),
            ("POST /api/v1/places/{place}/pause", "places/kv58-1/pause", new PauseRequest("why not")),
            ("POST /api/v1/places/{place}/resume", "places/k64-1/resume", null),
            ("PUT /api/v1/people/{name}", "people/ann", new PersonRequest(Role.Viewer, Accounts.Password)),
            ("DELETE /api/v1/people/{name}", "people/ann", null),
            ("POST /api/v1/tokens", "tokens", new TokenRequest("ci", Role.Viewer)),
            ("DELETE /api/v1/tokens/{id}", $"tokens/{token}", null),
            ("POST /api/v1/login", "login", new LoginRequest("ann", Accounts.Password)),
            ("POST /api/v1/enrolments", "enrolments", new InviteRequest("bench-2")),
            ("POST /api/v1/enrol", "enrol", new EnrolRequest(code)),
            ("POST /api/v1/webhooks", "webhooks", new WebhookRequest("https://chat.example/other")),
            ("DELETE /api/v1/webhooks/{webhookId}", $"webhooks/{webhook}", null),
            ("POST /api/v1/webhooks/{webhookId}/test", $"webhooks/{webhook}/test", null),
            ("POST /api/v1/sign-offs", "sign-offs", new SignOffRequest(Plan.Replace("2.0.0", "3.0.0", StringComparison.Ordinal))),
            ("POST /api/v1/sign-offs/{signOffId}/approvals", $"sign-offs/{signOff}/approvals", null),
            ("POST /api/v1/flags/{flagId}/investigate", $"flags/{flag}/investigate", null),
            ("POST /api/v1/import", "import", History()),
            ("POST /api/v1/backup", "backup", null),
        ];
    }

    private async Task<string> OrderAsync() => (await SendAsync("POST", "runs", new RunRequest(Sequence, "a.yaml", "kv58-1"))).GetProperty("runId").GetString()!;

    private async Task<string> EnrolAsync(string name)
    {
        var code = (await SendAsync("POST", "enrolments", new InviteRequest(name))).GetProperty("code").GetString()!;
        return (await SendAsync("POST", "enrol", new EnrolRequest(code))).GetProperty("token").GetString()!;
    }

    private async Task<JsonElement> SendAsync(string method, string address, object? body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), $"/api/v1/{address}") { Content = JsonContent.Create(body ?? new { }, options: RunJson.Options) };
        using var response = await admin.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.That(response.IsSuccessStatusCode, $"{method} {address}: {text}");
        return text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
    }

    private static ByteArrayContent History() => new(Encoding.UTF8.GetBytes(string.Join('\n', Histories.Lines(3)))) { Headers = { ContentType = new("text/csv") } };

    /// <summary>Every row of every table, but of what no person decides.</summary>
    private async Task<string> StateAsync()
    {
        await using var reader = await server.Service<IDatabase>().OpenReaderAsync(default);
        var tables = (await reader.QueryAsync<string>("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT IN ('lease') ORDER BY name")).ToList();
        var state = new List<string>();
        foreach (var table in tables)
            state.Add($"{table}: {string.Join('|', (await reader.QueryAsync($"SELECT * FROM {table}")).Select(row => string.Join(',', (IDictionary<string, object>)row)))}");
        return string.Join('\n', state);
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(server.Directory, "hilrig.db")};Pooling=False");
        connection.Open();
        connection.Execute(sql);
    }
}
