using System.Net.Http.Json;
using HilRig.Model;
using HilRig.Model.Rig;
using HilRig.Model.Runs;
using HilRig.Server.Api;
using HilRig.Server.Storage;
using HilRig.Server.Storage.Postgres;
using HilRig.Tests.Server.Storage;
using HilRig.Tests.SystemTests;
using PostgresCluster = HilRig.Tests.Server.Storage.PostgresCluster;
using NUnit.Framework;

namespace HilRig.Tests.Server.Operations;

/// <summary>The drill: back up a server that works, lose it, go on from the backup.</summary>
public sealed class BackupTests
{
    private string folder = null!;

    [SetUp]
    public void Create() => folder = Directory.CreateTempSubdirectory("hilrig-backup-").FullName;

    [TearDown]
    public void Remove() => Directory.Delete(folder, recursive: true);

    [TestCase(DatabaseKind.Sqlite), TestCase(DatabaseKind.Postgres)]
    public async Task A_backup_of_a_working_server_holds_what_was_acknowledged_before_it_and_a_server_goes_on_from_it(DatabaseKind kind)
    {
        var isPostgres = kind is DatabaseKind.Postgres;
        var (lost, fresh) = isPostgres ? (await PostgresCluster.CreateDatabaseAsync(), await PostgresCluster.CreateDatabaseAsync()) : (null, null);
        var backup = Path.Combine(folder, "backup");
        var restored = Path.Combine(folder, "restored");
        var image = new byte[] { 1, 2, 3 };
        var before = new RunScript("r-1").Cycle().Cycle(RunScript.CumulativeWrite).End();
        string digest;
        await using (var server = await TestServer.StartAsync(lost))
        {
            digest = await server.Service<ArtifactStore>().SaveAsync(image, default);
            await server.StoreAsync(before);
            using (var ordered = await server.PostAsync("/api/v1/runs", new RunRequest("sequence: a\nboard: kv58\nsteps: [ping]", "a.yaml", "kv58-2")))
                ordered.EnsureSuccessStatusCode();
            using var stop = new CancellationTokenSource();
            var goesOn = KeepWritingAsync(server, stop.Token);

            Assert.That(await SayAsync(ExitCode.Pass, ["backup", backup, "--data", server.Directory, .. To(lost)]), Does.Contain("files"));

            await stop.CancelAsync();
            Assert.That(await goesOn, Is.GreaterThan(0), "the server was not idle");
        }

        Assert.That(await SayAsync(ExitCode.Pass, ["restore", backup, "--data", restored, .. To(fresh)]), Does.Contain("restored and checked"));
        if (isPostgres)
        {
            var (other, nowhere) = (Path.Combine(folder, "other"), await PostgresCluster.CreateDatabaseAsync());
            Assert.That(await SayAsync(ExitCode.BadInput, ["restore", backup, "--data", other, .. To(fresh)]), Does.Contain("not empty").And.Contain("nothing is overwritten"));
            Assert.That(await SayAsync(ExitCode.BadInput, "restore", backup, "--data", other), Does.Contain("give the --database to fill"));
            await File.AppendAllTextAsync(Path.Combine(backup, "database", "event"), "x");
            Assert.That(await SayAsync(ExitCode.BadInput, ["restore", backup, "--data", other, .. To(nowhere)]), Does.Contain("changed since"));
        }

        await using var again = await TestServer.StartOnAsync(restored, fresh);
        Assert.That((await again.GetAsync<List<QueuedRun>>("/api/v1/queue")).Single().Place, Is.EqualTo("kv58-2"));
        var events = await again.Service<IRunStore>().ReadEventsAsync("r-1", 0, 100, default);
        Assert.That(events.Select(StoredText.ToJson), Is.EqualTo(before.Events.Select(StoredText.ToJson)));
        Assert.That(await again.Http.GetByteArrayAsync($"/api/v1/artifacts/{digest}"), Is.EqualTo(image));
        using var order = await again.PostAsync("/api/v1/runs", new RunRequest("sequence: a\nboard: kv58\nsteps: [ping]", "a.yaml", "kv58-1"));
        Assert.That((await order.Content.ReadFromJsonAsync<RunAccepted>(RunJson.Options))!.RunId, Does.Contain("kv58-1"));
    }

    [Test]
    public async Task What_was_changed_since_or_would_be_overwritten_is_refused_and_nothing_is_restored()
    {
        var backup = Path.Combine(folder, "backup");
        var restored = Path.Combine(folder, "restored");
        await using (var server = await TestServer.StartAsync())
        {
            await server.Service<ArtifactStore>().SaveAsync(new byte[] { 1 }, default);
            await SayAsync(ExitCode.Pass, "backup", backup, "--data", server.Directory);
            Assert.That(await SayAsync(ExitCode.BadInput, "backup", backup, "--data", server.Directory), Does.Contain("not empty"));
            Assert.That(await SayAsync(ExitCode.BadInput, "restore", backup, "--data", server.Directory), Does.Contain("nothing is overwritten"));
        }
        var artifact = Directory.GetFiles(Path.Combine(backup, "artifacts")).Single();
        await File.WriteAllTextAsync(artifact, "another");

        Assert.That(await SayAsync(ExitCode.BadInput, "restore", backup, "--data", restored), Does.Contain(Path.GetFileName(artifact)).And.Contain("changed since"));

        Assert.That(restored, Does.Not.Exist);
        Assert.That(await SayAsync(ExitCode.BadInput, "restore", folder, "--data", restored), Does.Contain("is no backup"));
        Assert.That(await SayAsync(ExitCode.BadInput, "backup", Path.Combine(folder, "other"), "--data", folder), Does.Contain("no server on SQLite"));
    }

    private static string[] To(DatabaseAddress? address) => address is null ? [] : ["--database", address.ToUrl()];

    private static async Task<int> KeepWritingAsync(TestServer server, CancellationToken cancellationToken)
    {
        var run = new RunScript("r-2");
        var batches = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            run.Cycle();
            await server.Service<IngestWriter>().AppendAsync(new EventBatch("r-2", 0, [.. run.Events.TakeLast(8)]), default);
            batches++;
        }
        return batches;
    }

    private static async Task<string> SayAsync(int exitCode, params IEnumerable<string> arguments)
    {
        using var child = Child.Start("hilrig-server", arguments);
        Assert.That(await child.ExitAsync(), Is.EqualTo(exitCode), child.Output);
        return child.Output;
    }
}
