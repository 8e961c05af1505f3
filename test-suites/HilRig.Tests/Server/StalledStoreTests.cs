using System.Data.Common;
using Dapper;
using HilRig.Model.Rig;
using HilRig.Server.Agents;
using HilRig.Server.Storage;
using HilRig.Server.Storage.Postgres;
using HilRig.Tests.Server.Storage;
using Microsoft.Data.Sqlite;
using Npgsql;
using NUnit.Framework;

namespace HilRig.Tests.Server;

/// <summary>A store that takes nothing for a while: the lane of events blocks, nothing of it is lost or dropped, and nobody else waits.</summary>
public sealed class StalledStoreTests(DatabaseKind kind) : ServerFixture(kind)
{
    // More than the buffers of any network between them hold.
    private const int Batches = 600;
    private static readonly string Long = new('x', 50_000);
    private readonly HandClock time = new();

    private protected override Task<TestServer> StartAsync(DatabaseAddress? database) => TestServer.StartAsync(database, time);

    [Test]
    public async Task The_agent_waits_for_the_store_the_pages_do_not_and_its_silence_is_not_held_against_it()
    {
        await using var agent = await TestAgent.ConnectAsync(Server);
        await using var lane = await agent.OpenLaneAsync("bench-1", ["kv58-1"]);
        await agent.TellAsync(new TelemetryBatch(0, []));
        var run = new RunScript("r-1");
        while (run.Events.Count < Batches)
            run.Notice("disk", Long);
        var sent = 0;

        var stall = await StallAsync();
        var sending = Task.Run(async () =>
        {
            var answers = new List<Task<long>>();
            for (var skip = 0; skip < Batches; skip++)
            {
                answers.Add(await lane.SendAsync(run.Batch(skip: skip, take: 1), default));
                Interlocked.Increment(ref sent);
            }
            return await Task.WhenAll(answers);
        });
        await StandstillAsync(() => Volatile.Read(ref sent));
        var taken = sent;
        time.Move(TimeSpan.FromMinutes(2));

        Assert.That(taken, Is.LessThan(Batches), "beyond what is under way nothing is taken: the agent keeps it on its disk");
        Assert.That(await Server.GetAsync<List<object>>("/api/v1/runs"), Is.Empty, "readers go on");
        Assert.That(Server.Service<AgentRegistry>().All.Single().Heartbeat.Silence, Is.EqualTo(TimeSpan.Zero));

        await stall.DisposeAsync();
        var numbers = await sending.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.That(numbers, Is.Ordered);
        Assert.That(numbers[^1], Is.EqualTo(run.Events.Count));
        Assert.That(await Server.Service<IRunStore>().FindPositionAsync("r-1", default), Is.EqualTo(run.Events.Count));
    }

    /// <summary>Somebody else writes, and takes his time.</summary>
    private async Task<DbConnection> StallAsync()
    {
        DbConnection connection = Server.Database is null
            ? new SqliteConnection($"Data Source={Path.Combine(Server.Directory, "hilrig.db")};Pooling=False")
            : new NpgsqlConnection(Server.Database.ToConnectionString());
        await connection.OpenAsync();
        await connection.ExecuteAsync(Server.Database is null ? "BEGIN IMMEDIATE" : "BEGIN; LOCK TABLE run IN EXCLUSIVE MODE");
        return connection;
    }

    private static async Task StandstillAsync(Func<int> count)
    {
        for (var (before, still) = (-1, 0); still < 5; before = count())
        {
            await Task.Delay(100);
            still = count() == before ? still + 1 : 0;
        }
    }
}
