using System.Net.Http.Json;
using Dapper;
using HilRig.Bench.Server;
using HilRig.Model.Runs;
using HilRig.Server.Api;
using HilRig.Server.Dispatch;
using HilRig.Server.Storage;
using NUnit.Framework;
using PostgresCluster = HilRig.Tests.Server.Storage.PostgresCluster;

namespace HilRig.Tests.Server.Faults;

/// <summary>
/// Two servers on one PostgreSQL whose clocks jump by up to ten minutes, and agents that die, forget, come back at the other one and say things
/// twice: no place is ever given to two runs at once, a fenced agent writes nothing, and what was acknowledged stays. HILRIG_FULL makes 20 times as many moves.
/// </summary>
public sealed class LeaseFaultTests
{
    private const int Places = 4;
    private static readonly int Moves = Extent.IsFull ? 6000 : 300;

    [Test]
    public async Task No_place_has_two_holders_and_no_stale_one_writes_whatever_agents_and_clocks_do()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("HILRIG_SEED"), out var given) ? given : Environment.TickCount;
        TestContext.Out.WriteLine($"HILRIG_SEED={seed}, {Moves} moves");
        var random = new Random(seed);
        var database = await PostgresCluster.CreateDatabaseAsync();
        var clocks = new[] { new JumpingClock(seed), new JumpingClock(seed + 1) };
        await using var near = await TestServer.StartAsync(database, clocks[0]);
        await using var far = await TestServer.StartAsync(database, clocks[1]);
        TestServer[] servers = [near, far];
        await using var field = new Field(servers, Places, seed);

        for (var move = 0; move < Moves; move++)
        {
            if (random.Next(4) == 0)
                await OrderAsync(servers[random.Next(2)], random.Next(3) == 0 ? null : $"kv58-{random.Next(Places)}");
            if (random.Next(8) == 0)
                clocks[random.Next(2)].Jump();
            if (random.Next(6) == 0)
                await servers[random.Next(2)].Service<LeaseClock>().BeatAsync(default);
            await field.MoveAsync();
            await RequireOneHolderAsync(near);
        }
        await field.FinishAsync();

        TestContext.Out.WriteLine($"{field.Handed.Count} leases, {field.Deaths} deaths, {field.Refusals} batches fenced");
        Assert.That(field.Handed, Has.Count.GreaterThan(Moves / 20));
        Assert.That(field.Refusals, Is.GreaterThan(0), "some agent was fenced");
        foreach (var (runId, (run, acknowledged)) in field.Runs)
        {
            var stored = await near.Service<IRunStore>().ReadEventsAsync(runId, 0, int.MaxValue, default);
            Assert.That(stored.Count, Is.GreaterThanOrEqualTo(acknowledged), $"{runId}: acknowledged");
            Assert.That(StoredHistory.Differences(stored, [.. run.Events.Take(stored.Count)], runId), Is.Empty);
        }
        Assert.That(await StoredHistory.CheckProjectionsAsync(near.Service<IDatabase>()), Is.Empty);
    }

    /// <summary>What the database says of itself: one open order a place, and the lease is that order's.</summary>
    private static async Task RequireOneHolderAsync(TestServer server)
    {
        await using var reader = await server.Service<IDatabase>().OpenReaderAsync(default);
        var doubled = await reader.QueryAsync<string>(
            """
            SELECT place FROM run_order WHERE state = 'leased' GROUP BY place HAVING count(*) > 1
            UNION ALL
            SELECT o.place FROM run_order o JOIN lease l ON l.place = o.place WHERE o.state = 'leased' AND (l.run_id IS DISTINCT FROM o.run_id OR l.epoch <> o.epoch)
            """);
        Assert.That(doubled, Is.Empty);
    }

    private static async Task OrderAsync(TestServer server, string? place)
    {
        using var response = await server.PostAsync("/api/v1/runs", new RunRequest("sequence: ping\nboard: kv58\nsteps:\n  - ping\n", "ping.yaml", place) { Board = place is null ? "kv58" : null });
        Assert.That((int)response.StatusCode, Is.EqualTo(202), await response.Content.ReadAsStringAsync());
    }
}
