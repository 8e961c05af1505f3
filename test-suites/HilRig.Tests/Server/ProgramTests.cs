using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using HilRig.Model;
using HilRig.Server.Storage;
using HilRig.Server.Storage.Sqlite;
using HilRig.Tests.Server.Storage;
using HilRig.Tests.SystemTests;
using NUnit.Framework;

namespace HilRig.Tests.Server;

/// <summary>The server as a process: its lines and exit codes.</summary>
public sealed class ProgramTests
{
    private static readonly string Server = Path.Combine(AppContext.BaseDirectory, "hilrig-server.dll");
    private readonly List<Child> children = [];
    private string directory = null!;

    [SetUp]
    public void Create() => directory = Directory.CreateTempSubdirectory("hilrig-program-").FullName;

    [TearDown]
    public void Remove()
    {
        foreach (var child in children)
            child.Dispose();
        children.Clear();
        Directory.Delete(directory, recursive: true);
    }

    [Test, Platform("Linux")]
    public async Task It_says_when_it_is_ready_and_SIGTERM_ends_it_cleanly()
    {
        using var server = Start("--data", directory, "--port", "0");
        var ready = await server.StandardOutput.ReadLineAsync();
        Assert.That(ready, Does.Match($"^server ready: http://127.0.0.1:\\d+ data {directory}$"), "see its error output");
        using var http = new HttpClient();
        Assert.That(await http.GetStringAsync($"{ready!.Split(' ')[2]}/healthz"), Is.EqualTo("Healthy"));

        using (var kill = Process.Start("kill", ["-TERM", $"{server.Id}"]))
            await kill.WaitForExitAsync();
        await WaitAsync(server);

        Assert.That(server.ExitCode, Is.Zero);
        Assert.That(await server.StandardError.ReadToEndAsync(), Is.Empty);
    }

    [Test]
    public async Task A_port_in_use_is_one_line_with_its_remedy()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        await AssertEndsAsync(ExitCode.RigError, $"port {port} is in use by another program; choose another with --port", "--data", directory, "--port", $"{port}");
    }

    [Test]
    public async Task A_data_directory_that_cannot_be_is_one_line_with_its_remedy()
    {
        var file = Path.Combine(directory, "file");
        await File.WriteAllTextAsync(file, "");

        await AssertEndsAsync(ExitCode.RigError, "choose another with --data", "--data", Path.Combine(file, "data"), "--port", "0");
    }

    [Test]
    public async Task Two_servers_never_share_a_data_directory()
    {
        using var server = Start("--data", directory, "--port", "0");
        await server.StandardOutput.ReadLineAsync();

        await AssertEndsAsync(ExitCode.RigError, "in use by another server", "--data", directory, "--port", "0");

        server.Kill();
        await WaitAsync(server);
    }

    [Test]
    public async Task Without_accounts_it_does_not_open_itself_to_others() =>
        await AssertEndsAsync(ExitCode.RigError, "it has no accounts; add an admin first", "--data", directory, "--port", "0", "--address", "0.0.0.0", "--plain-http");

    [Test]
    public async Task Projections_are_rebuilt_by_a_verb_while_it_does_not_run()
    {
        using (var database = await SqliteDatabase.OpenAsync(Path.Combine(directory, "hilrig.db"), default))
            await new RunStore(database).AppendAsync([new RunScript("r-1").Cycle().End().Batch()], default);

        using var rebuild = Start("rebuild", "--data", directory);
        await WaitAsync(rebuild);

        Assert.That(rebuild.ExitCode, Is.Zero, await rebuild.StandardError.ReadToEndAsync());
        Assert.That(await rebuild.StandardOutput.ReadToEndAsync(), Does.Contain("rebuilt 1 runs from 8 events"));
    }

    [Test]
    public async Task What_is_kept_long_enough_is_deleted_from_the_start_on()
    {
        using (var database = await SqliteDatabase.OpenAsync(Path.Combine(directory, "hilrig.db"), default))
        {
            await new RunStore(database).AppendAsync([new RunScript("r-old", at: TimeProvider.System.GetUtcNow().AddDays(-40)).Cycle().End().Batch()], default);
            await new RunStore(database).AppendAsync([new RunScript("r-older", at: TimeProvider.System.GetUtcNow().AddDays(-80)).Cycle().End().Batch()], default);
        }

        using var server = Child.Start("hilrig-server", "--data", directory, "--port", "0", "--keep-events", "30", "--keep-results", "60");

        using var http = new HttpClient { BaseAddress = new Uri((await server.WaitForAsync("server ready: ")).Split(' ')[2]) };
        Assert.That(() => http.GetStringAsync("/api/v1/runs").Result, Does.Contain("r-old\"").And.Not.Contain("r-older").After(20_000, 100));
        Assert.That(() => http.GetStringAsync("/api/v1/runs/r-old/events").Result, Is.EqualTo("[]").After(20_000, 100), "results outlive events");
    }

    [Test]
    public async Task Servers_on_one_database_by_TCP_and_password_share_their_artifacts()
    {
        var address = await PostgresCluster.CreateDatabaseAsync();
        var url = address.ToString();
        var (right, wrong) = (Path.Combine(directory, "right"), Path.Combine(directory, "wrong"));
        await File.WriteAllTextAsync(right, new Npgsql.NpgsqlConnectionStringBuilder(address.ToConnectionString()).Password);
        await File.WriteAllTextAsync(wrong, "a guess");
        string[] shared = ["--database", url, "--shared", Path.Combine(directory, "shared"), "--port", "0"];
        await AssertEndsAsync(ExitCode.RigError, "password authentication failed", [.. shared, "--data", Path.Combine(directory, "a"), "--database-password-file", wrong]);

        using var near = await HttpOfAsync("a");
        using var far = await HttpOfAsync("b");
        var content = "what an agent saw"u8.ToArray();
        var artifact = $"/api/v1/artifacts/{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content))}";
        using var saved = await near.PutAsync(artifact, new ByteArrayContent(content) { Headers = { ContentType = new("application/octet-stream") } });

        Assert.That(saved.IsSuccessStatusCode, await saved.Content.ReadAsStringAsync());
        Assert.That(await far.GetByteArrayAsync(artifact), Is.EqualTo(content));

        async Task<HttpClient> HttpOfAsync(string data)
        {
            var server = Child.Start("hilrig-server", [.. shared, "--data", Path.Combine(directory, data), "--database-password-file", right]);
            children.Add(server);
            return new HttpClient { BaseAddress = new Uri((await server.WaitForAsync("server ready: ")).Split(' ')[2]) };
        }
    }

    [TestCase("no TCP port", "--port", "many")]
    [TestCase("in the clear", "--address", "0.0.0.0")]
    [TestCase("is no IP address", "--address", "everywhere")]
    [TestCase("out of range", "--keep-events", "0")]
    [TestCase("outlives", "--keep-events", "10", "--keep-results", "9")]
    [TestCase("go together", "--certificate", "a.pem")]
    [TestCase("can be read by others", "--database", "postgres://hilrig:secret@db/hilrig")]
    [TestCase("names no database", "--database", "postgres://hilrig@db")]
    [TestCase("is no address of a database", "--database", "mysql://db/hilrig")]
    [TestCase("`colour=red` is not understood", "--database", "postgres://hilrig@db/hilrig?colour=red")]
    [TestCase("--bogus", "--bogus")]
    public async Task Bad_arguments_are_one_line(string words, params string[] arguments) => await AssertEndsAsync(ExitCode.BadInput, words, arguments);

    private static async Task AssertEndsAsync(int exitCode, string words, params string[] arguments)
    {
        using var server = Start(arguments);
        await WaitAsync(server);
        var lines = (await server.StandardError.ReadToEndAsync()).TrimEnd();
        Assert.That(server.ExitCode, Is.EqualTo(exitCode), lines);
        Assert.That(lines, Does.Contain(words).And.Not.Contain('\n'));
    }

    private static Process Start(params string[] arguments) => Process.Start(new ProcessStartInfo("dotnet", [Server, .. arguments])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    private static async Task WaitAsync(Process server)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await server.WaitForExitAsync(patience.Token);
    }
}
