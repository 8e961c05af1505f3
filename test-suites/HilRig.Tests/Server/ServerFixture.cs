using HilRig.Server.Storage.Postgres;
using HilRig.Tests.Server.Storage;
using NUnit.Framework;

namespace HilRig.Tests.Server;

/// <summary>What every fixture has that holds on each kind of database and asks a server: one of its own for each test.</summary>
[TestFixture(DatabaseKind.Sqlite), TestFixture(DatabaseKind.Postgres)]
public abstract class ServerFixture(DatabaseKind kind)
{
    private protected TestServer Server { get; private set; } = null!;

    [SetUp]
    public async Task StartServer() => Server = await StartAsync(await PostgresCluster.CreateDatabaseAsync(kind));

    [TearDown]
    public async Task StopServer()
    {
        if (Server is not null)
            await Server.DisposeAsync();
    }

    private protected virtual Task<TestServer> StartAsync(DatabaseAddress? database) => TestServer.StartAsync(database);
}
