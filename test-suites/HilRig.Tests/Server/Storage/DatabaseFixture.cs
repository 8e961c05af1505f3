using HilRig.Server.Storage;
using NUnit.Framework;

namespace HilRig.Tests.Server.Storage;

/// <summary>What every fixture has that holds on each kind of database: an empty one of its own for each test.</summary>
[TestFixture(DatabaseKind.Sqlite), TestFixture(DatabaseKind.Postgres)]
public abstract class DatabaseFixture(DatabaseKind kind)
{
    private TestDatabase? database;

    protected DatabaseKind Kind => kind;

    private protected IDatabase Database => database!.Database;

    private protected IRunStore Runs => database!.Runs;

    private protected IOrderStore Orders => database!.Orders;

    [SetUp]
    public async Task OpenDatabase() => database = await TestDatabase.OpenAsync(kind);

    [TearDown]
    public void CloseDatabase() => database?.Dispose();

    private protected Task ReopenAsync() => database!.ReopenAsync();

    private protected Task<IDatabase> OpenAnotherAsync() => database!.OpenAnotherAsync();
}
