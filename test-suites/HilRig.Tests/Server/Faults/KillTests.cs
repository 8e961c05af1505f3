using HilRig.Bench.Server;
using HilRig.Model.Runs;
using HilRig.Server.Storage;
using HilRig.Server.Storage.Postgres;
using HilRig.Server.Storage.Sqlite;
using HilRig.Tests.Server.Storage;
using HilRig.Tests.SystemTests;
using NUnit.Framework;
using PostgresCluster = HilRig.Tests.Server.Storage.PostgresCluster;

namespace HilRig.Tests.Server.Faults;

/// <summary>
/// A server and agents that are killed at random, on either database, while the network between them delays, cuts, parts, doubles and reorders,
/// and the agents' clocks jump. In the end the stored history is compared with what the agents had. HILRIG_FULL kills 200 times.
/// </summary>
public sealed class KillTests
{
    private const int CyclesAKill = 30;
    private const int EventsAKill = 450;
    private static readonly int Kills = Extent.IsFull ? 200 : 20;

    [TestCase(DatabaseKind.Sqlite), TestCase(DatabaseKind.Postgres)]
    public async Task Server_and_agents_killed_at_random_on_a_bad_network_lose_nothing_and_double_nothing(DatabaseKind kind)
    {
        // Half of them on each database, half of these the server.
        var kills = Kills / 2;
        var seed = int.TryParse(Environment.GetEnvironmentVariable("HILRIG_SEED"), out var given) ? given : Environment.TickCount;
        TestContext.Out.WriteLine($"HILRIG_SEED={seed}, {kills} kills");
        var random = new Random(seed);
        var folder = Directory.CreateTempSubdirectory("hilrig-kill-").FullName;
        var address = kind is DatabaseKind.Postgres ? await PostgresCluster.CreateDatabaseAsync() : null;
        var port = TestBoard.FreePort();
        string[] arguments = ["--data", Path.Combine(folder, "server"), "--port", $"{port}", .. address is null ? Array.Empty<string>() : ["--database", $"{address.ToUrl()}"]];
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2 + kills));
        var scripts = Enumerable.Range(0, 2).Select(number => Script(number, kills)).ToList();
        var brought = Enumerable.Range(0, 2).Select(number => BenchRun.Of($"r-killed-{number}", EventsAKill * kills)).ToList();

        await using var network = new Turbulence(() => port, seed);
        var server = await StartAsync(arguments);
        var agents = brought.Select((_, number) => StartAgent(network.Url, folder, number, kills)).ToList();
        var interrupting = 0;
        try
        {
            var couriers = scripts.Select((run, number) => new Courier(network.Url, $"bench-{number}", run, seed + number)).ToList();
            var bringing = couriers.Select(courier => courier.BringAsync(patience.Token)).ToList();
            for (var kill = 0; kill < kills; kill++)
            {
                // Killed after some more were acknowledged, so that each kill interrupts work.
                var acknowledged = couriers.Sum(courier => courier.Acknowledged);
                while (couriers.Sum(courier => courier.Acknowledged) < acknowledged + 30 && !bringing.TrueForAll(task => task.IsCompleted))
                    await Task.Delay(1, patience.Token);
                if (random.Next(3) == 0)
                    await PartAsync(network, random);
                await Task.Delay(random.Next(10), patience.Token);
                if (bringing.Exists(task => !task.IsCompleted) || agents.Exists(agent => !agent.HasExited))
                    interrupting++;
                if (kill % 2 == 0)
                {
                    await server.CrashAsync();
                    server.Dispose();
                    server = await StartAsync(arguments);
                }
                else
                {
                    var number = random.Next(agents.Count);
                    await agents[number].CrashAsync();
                    agents[number].Dispose();
                    agents[number] = StartAgent(network.Url, folder, number, kills);
                }
            }
            await Task.WhenAll(bringing);
            foreach (var agent in agents)
                Assert.That(await agent.ExitAsync(TimeSpan.FromMinutes(2 + (kills / 10))), Is.Zero, agent.Output);
            TestContext.Out.WriteLine($"{interrupting} of {kills} kills interrupted work, {network.Cuts} connections were cut");
            Assert.That(interrupting, Is.GreaterThanOrEqualTo(kills * 3 / 4));
        }
        finally
        {
            server.Dispose();
            agents.ForEach(agent => agent.Dispose());
        }

        using (var database = await OpenAsync(address, Path.Combine(folder, "server")))
            Assert.That(await StoredHistory.CheckAsync(database, scripts.Select(run => (run.RunId, run.Events)).Concat(brought.Select(run => (run.RunId, run.Events))).ToDictionary()), Is.Empty);
        Directory.Delete(folder, recursive: true);
    }

    private static async Task PartAsync(Turbulence network, Random random)
    {
        network.Part();
        await Task.Delay(random.Next(50, 300));
        network.Join();
    }

    private static RunScript Script(int number, int kills)
    {
        var run = new RunScript($"r-{number}", $"kv58-{number}", cycles: CyclesAKill * kills);
        for (var cycle = 0; cycle < CyclesAKill * kills; cycle++)
            run.Cycle(cycle % 7 == number ? RunScript.CumulativeWrite : null);
        return run.End();
    }

    private static Child StartAgent(Uri server, string folder, int number, int kills) => Child.Start(
        "HilRig.Bench", "bring", "--server", $"{server}", "--data", Path.Combine(folder, $"agent-{number}"), "--name", $"killed-{number}", "--events", $"{EventsAKill * kills}", "--clock-jumps");

    private static async Task<Child> StartAsync(string[] arguments)
    {
        var server = Child.Start("hilrig-server", arguments);
        await server.WaitForAsync("server ready");
        return server;
    }

    private static async Task<IDatabase> OpenAsync(DatabaseAddress? address, string folder) => address is null
        ? await SqliteDatabase.OpenAsync(Path.Combine(folder, "hilrig.db"), default)
        : await PostgresDatabase.OpenAsync(address, default);
}
