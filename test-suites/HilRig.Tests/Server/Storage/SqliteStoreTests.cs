using HilRig.Server.Storage;
using HilRig.Server.Storage.Sqlite;
using NUnit.Framework;

namespace HilRig.Tests.Server.Storage;

public sealed class SqliteRunStoreTests : RunStoreContract
{
    private SqliteFile file = null!;

    private protected override IRunStore Store => file.Runs;

    [SetUp]
    public void Open() => file = new SqliteFile();

    [TearDown]
    public void Close() => file.Dispose();

    private protected override void Reopen() => file.Reopen();
}

public sealed class SqliteOrderStoreTests : OrderStoreContract
{
    private SqliteFile file = null!;

    private protected override IRunStore Runs => file.Runs;

    private protected override IOrderStore Orders => file.Orders;

    [SetUp]
    public void Open() => file = new SqliteFile();

    [TearDown]
    public void Close() => file.Dispose();

    private protected override void Reopen() => file.Reopen();
}

/// <summary>A database in a directory of its own.</summary>
internal sealed class SqliteFile : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("hilrig-store-").FullName;
    private SqliteDatabase database;

    public SqliteFile(string? copyOf = null)
    {
        if (copyOf is not null)
            File.Copy(copyOf, Path);
        database = SqliteDatabase.Open(Path);
    }

    public string Path => System.IO.Path.Combine(directory, "hilrig.db");

    public IRunStore Runs => new SqliteRunStore(database);

    public IOrderStore Orders => new SqliteOrderStore(database);

    public void Reopen()
    {
        database.Dispose();
        database = SqliteDatabase.Open(Path);
    }

    public void Dispose()
    {
        database.Dispose();
        Directory.Delete(directory, recursive: true);
    }
}
