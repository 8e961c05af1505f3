using Dapper;
using HilRig.Server.Storage;
using HilRig.Server.Storage.Postgres;
using HilRig.Server.Storage.Sqlite;
using NUnit.Framework;

namespace HilRig.Tests.Server.Storage;

/// <summary>The databases that a server can stand on.</summary>
public enum DatabaseKind
{
    Sqlite,
    Postgres,
}

/// <summary>An empty database of its own for one test, of either kind.</summary>
internal sealed class TestDatabase : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("hilrig-store-").FullName;
    private readonly DatabaseAddress? address;

    private TestDatabase(DatabaseAddress? address) => this.address = address;

    public IDatabase Database { get; private set; } = null!;

    public IRunStore Runs => new RunStore(Database);

    public IOrderStore Orders => new OrderStore(Database);

    /// <summary>The file of an SQLite database.</summary>
    public string Path => System.IO.Path.Combine(directory, "hilrig.db");

    public static async Task<TestDatabase> OpenAsync(DatabaseKind kind, string? copyOf = null)
    {
        var database = new TestDatabase(kind is DatabaseKind.Postgres ? await PostgresCluster.CreateDatabaseAsync() : null);
        if (copyOf is not null && database.address is { } address)
            await PostgresCluster.ExecuteAsync(address, await File.ReadAllTextAsync(copyOf));
        else if (copyOf is not null)
            File.Copy(copyOf, database.Path);
        database.Database = await database.OpenAnotherAsync();
        return database;
    }

    /// <summary>A second way into the same database, as a second server has; PostgreSQL only.</summary>
    public async Task<IDatabase> OpenAnotherAsync() => address is null
        ? await SqliteDatabase.OpenAsync(Path, default)
        : await PostgresDatabase.OpenAsync(address, default);

    public async Task ReopenAsync()
    {
        Database.Dispose();
        Database = await OpenAnotherAsync();
    }

    /// <summary>Writes everything in it to one file: SQLite's own, or a script for PostgreSQL.</summary>
    public async Task KeepAsync(string path)
    {
        if (address is not null)
        {
            await PostgresCluster.DumpAsync(address, path);
            return;
        }
        await using var reader = await Database.OpenReaderAsync(default);
        await reader.ExecuteAsync("VACUUM INTO @path", new { path });
    }

    public void Dispose()
    {
        Database?.Dispose();
        Directory.Delete(directory, recursive: true);
    }
}
