using System.Net;
using System.Net.Sockets;
using HilRig.Model.Runs;
using HilRig.Server.Storage;
using HilRig.Tests.Server.Storage;
using HilRig.Tests.SystemTests;
using NUnit.Framework;

namespace HilRig.Tests.Server.Faults;

/// <summary>
/// A server that is killed at random while agents bring their runs, on either database. Afterwards the stored history is compared with what the
/// agents had: nothing lost, nothing doubled, each run in order, and every projection what the events say.
/// HILRIG_FULL kills it 200 times.
/// </summary>
public sealed class KillTests
{
    private const int Agents = 3;
    private const int CyclesAKill = 40;
    private static readonly int Kills = Environment.GetEnvironmentVariable("HILRIG_FULL") == "1" ? 200 : 20;

    [TestCase(DatabaseKind.Sqlite), TestCase(DatabaseKind.Postgres)]
    public async Task A_server_killed_at_random_loses_nothing_and_doubles_nothing(DatabaseKind kind)
    {
        // Half of them on each database.
        var kills = Kills / 2;
        var seed = Environment.TickCount;
        TestContext.Out.WriteLine($"seed {seed}, {kills} kills");
        var random = new Random(seed);
        var folder = Directory.CreateTempSubdirectory("hilrig-kill-").FullName;
        var address = kind is DatabaseKind.Postgres ? await PostgresCluster.CreateDatabaseAsync() : null;
        var port = FreePort();
        string[] arguments = ["--data", folder, "--port", $"{port}", .. address is null ? Array.Empty<string>() : ["--database", $"{address.ToUrl()}"]];
        var runs = Enumerable.Range(0, Agents).Select(number => Script(number, kills)).ToList();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(kills));

        var interrupting = 0;
        var server = await StartAsync(arguments);
        try
        {
            var couriers = runs.Select((run, number) => new Courier(new Uri($"http://127.0.0.1:{port}"), $"bench-{number}", run, seed + number)).ToList();
            var bringing = couriers.Select(courier => courier.BringAsync(patience.Token)).ToList();
            for (var kill = 0; kill < kills; kill++)
            {
                // Killed after some more were acknowledged, so that each kill interrupts work.
                var acknowledged = couriers.Sum(courier => courier.Acknowledged);
                while (couriers.Sum(courier => courier.Acknowledged) < acknowledged + 30 && !bringing.TrueForAll(task => task.IsCompleted))
                    await Task.Delay(1, patience.Token);
                await Task.Delay(random.Next(10), patience.Token);
                if (bringing.Exists(task => !task.IsCompleted))
                    interrupting++;
                await server.CrashAsync();
                server.Dispose();
                server = await StartAsync(arguments);
            }
            await Task.WhenAll(bringing);
            TestContext.Out.WriteLine($"{interrupting} of {kills} kills interrupted work");
            Assert.That(interrupting, Is.GreaterThanOrEqualTo(kills * 3 / 4));
        }
        finally
        {
            server.Dispose();
        }

        using (var database = await OpenAsync(address, folder))
            await CheckAsync(database, runs);
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>The checker: what is stored against what the agents had.</summary>
    private static async Task CheckAsync(IDatabase database, List<RunScript> runs)
    {
        var store = new RunStore(database);
        foreach (var run in runs)
        {
            var stored = await store.ReadEventsAsync(run.RunId, 0, int.MaxValue, default);
            Assert.That(stored.Select(StoredText.ToJson), Is.EqualTo(run.Events.Select(StoredText.ToJson)), run.RunId);
            var fold = new RunFold();
            foreach (var runEvent in run.Events)
                fold.Apply(runEvent);
            Assert.That(StoredText.ToJson(await store.FindRunAsync(run.RunId, default)), Is.EqualTo(StoredText.ToJson(fold.ToSummary())));
        }
        Assert.That(await store.ListRunsAsync(100, default), Has.Count.EqualTo(runs.Count));
        var before = await SamplesAsync(store);
        await new Projections(database).RebuildAsync(default);
        Assert.That(await SamplesAsync(store), Is.EqualTo(before), "samples are what the events say");
    }

    private static async Task<List<string>> SamplesAsync(RunStore store)
    {
        var samples = new List<string>();
        await foreach (var sample in store.ReadSamplesAsync(null, 0, default))
            samples.Add(StoredText.ToJson(sample));
        return samples;
    }

    private static RunScript Script(int number, int kills)
    {
        var run = new RunScript($"r-{number}", $"kv58-{number}", cycles: CyclesAKill * kills);
        for (var cycle = 0; cycle < CyclesAKill * kills; cycle++)
            run.Cycle(cycle % 7 == number ? RunScript.CumulativeWrite : null);
        return run.End();
    }

    private static async Task<Child> StartAsync(string[] arguments)
    {
        var server = Child.Start("hilrig-server", arguments);
        await server.WaitForAsync("server ready");
        return server;
    }

    private static async Task<IDatabase> OpenAsync(HilRig.Server.Storage.Postgres.DatabaseAddress? address, string folder) => address is null
        ? await HilRig.Server.Storage.Sqlite.SqliteDatabase.OpenAsync(Path.Combine(folder, "hilrig.db"), default)
        : await HilRig.Server.Storage.Postgres.PostgresDatabase.OpenAsync(address, default);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
