using System.Net;
using System.Net.Http.Json;
using HilRig.Agent;
using HilRig.Model.Runs;
using HilRig.Server.Api;
using HilRig.Server.Security;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Data.Sqlite;
using HilRig.Tests.Server.Storage;
using NUnit.Framework;

namespace HilRig.Tests.Server.Security;

/// <summary>Agents: enrolled once, speaking for themselves alone, gone when they are revoked.</summary>
public sealed class AgentTokenTests(DatabaseKind kind) : ServerFixture(kind)
{
    private static readonly string[] Places = ["kv58-1"];
    private HttpClient admin = null!;

    [SetUp]
    public async Task SignIn() => admin = await Server.ClientOfAsync(Role.Admin);

    [TearDown]
    public void SignOut() => admin.Dispose();

    [Test]
    public async Task A_code_gives_a_token_once()
    {
        var code = await InviteAsync("bench-1");

        using var first = await Server.PostAsync("/api/v1/enrol", new EnrolRequest(code));
        using var second = await Server.PostAsync("/api/v1/enrol", new EnrolRequest(code));

        Assert.That((await first.Content.ReadFromJsonAsync<Enrolled>())!.Agent, Is.EqualTo("bench-1"));
        Assert.That(second.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task An_agent_works_with_its_token_and_a_new_one_replaces_it()
    {
        var token = await EnrolAsync("bench-1");
        await using (var agent = await TestAgent.ConnectAsync(Server, token))
            Assert.That((await agent.HelloAsync("bench-1", Places, [])).Refusal, Is.Null);

        var another = await EnrolAsync("bench-1");

        Assert.That(() => TestAgent.ConnectAsync(Server, token), Throws.InstanceOf<RigException>().With.Message.Contains("does not accept this agent's token"));
        Assert.That(() => TestAgent.ConnectAsync(Server), Throws.InstanceOf<RigException>().With.Message.Contains("asks for a token"));
        await using var again = await TestAgent.ConnectAsync(Server, another);
        Assert.That((await again.HelloAsync("bench-1", Places, [])).Refusal, Is.Null);
    }

    [Test]
    public async Task An_agent_speaks_for_itself_alone()
    {
        await using var agent = await TestAgent.ConnectAsync(Server, await EnrolAsync("bench-2"));

        Assert.That((await agent.HelloAsync("bench-1", Places, [])).Refusal, Does.Contain("token presented is that of agent bench-2"));
    }

    [Test]
    public async Task An_agent_writes_no_events_of_another_agents_run()
    {
        await using var agent = await TestAgent.ConnectAsync(Server, await EnrolAsync("bench-2"));
        await agent.HelloAsync("bench-2", ["kv58-2"], []);
        using var ordered = await admin.PostAsJsonAsync("/api/v1/runs", new RunRequest("sequence: a\nboard: kv58\nsteps: [ping]", "a.yaml", "kv58-1"), RunJson.Options);
        var run = (await ordered.Content.ReadFromJsonAsync<RunAccepted>(RunJson.Options))!;

        Assert.That(() => agent.AppendAsync(new RunScript(run.RunId).Cycle().Batch()), Throws.InstanceOf<HubException>().With.Message.Contains("ordered for kv58-1"));
    }

    [Test]
    public async Task A_revoked_agent_is_disconnected()
    {
        await using var agent = await TestAgent.ConnectAsync(Server, await EnrolAsync("bench-1"));
        await agent.HelloAsync("bench-1", Places, []);
        var tokens = (await admin.GetFromJsonAsync<List<Token>>("/api/v1/tokens", RunJson.Options))!;

        (await admin.DeleteAsync($"/api/v1/tokens/{tokens.Single(token => token.Name == "bench-1").Id}")).EnsureSuccessStatusCode();

        await agent.WaitForCloseAsync();
    }

    [Test]
    public async Task No_secret_lies_in_the_database()
    {
        var token = await EnrolAsync("bench-1");
        await Server.AddPersonAsync("ann", Role.Viewer);
        var stored = await ReadAllAsync();

        // A secret may itself hold the underscore that parts it from the id. No message of NUnit's, which would print the whole database.
        foreach (var secret in new[] { token.Split('_', 3)[2], Accounts.Password })
            Assert.That(stored.Contains(secret, StringComparison.Ordinal), Is.False);
        Assert.That(stored.Contains("bench-1", StringComparison.Ordinal), Is.True);
    }

    /// <summary>All that the database holds, as it lies there.</summary>
    private async Task<string> ReadAllAsync()
    {
        if (Server.Database is null)
        {
            SqliteConnection.ClearAllPools();
            return string.Join("", Directory.EnumerateFiles(Server.Directory, "hilrig.db*").Select(ReadShared));
        }
        var dump = Path.Combine(Server.Directory, "dump.sql");
        await PostgresCluster.DumpAsync(Server.Database, dump);
        return await File.ReadAllTextAsync(dump);
    }

    private static string ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(file, System.Text.Encoding.Latin1);
        return reader.ReadToEnd();
    }

    private async Task<string> InviteAsync(string agent)
    {
        using var response = await admin.PostAsJsonAsync("/api/v1/enrolments", new InviteRequest(agent));
        return (await response.Content.ReadFromJsonAsync<Invitation>())!.Code;
    }

    private async Task<string> EnrolAsync(string agent)
    {
        using var response = await Server.PostAsync("/api/v1/enrol", new EnrolRequest(await InviteAsync(agent)));
        return (await response.Content.ReadFromJsonAsync<Enrolled>())!.Token;
    }
}
