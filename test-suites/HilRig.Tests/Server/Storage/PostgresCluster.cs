using System.Diagnostics;
using HilRig.Server.Storage.Postgres;
using NUnit.Framework;
using Cluster = HilRig.Bench.Server.PostgresCluster;

namespace HilRig.Tests.Server.Storage;

/// <summary>The tests' PostgreSQL: started when the first test asks, ended with the test run.</summary>
internal static class PostgresCluster
{
    private static readonly SemaphoreSlim Gate = new(1, 1);
    private static Cluster? cluster;

    /// <summary>A new empty database. Skips the test, with the reason, where there is no PostgreSQL.</summary>
    public static async Task<DatabaseAddress> CreateDatabaseAsync()
    {
        await Gate.WaitAsync();
        try
        {
            cluster ??= await Cluster.StartAsync("fsync=off")
                ?? throw new IgnoreException("PostgreSQL is not installed: there is no initdb ('sudo apt-get install postgresql' on Debian)");
            return await cluster.CreateDatabaseAsync();
        }
        finally
        {
            Gate.Release();
        }
    }

    /// <summary>A new empty database of that kind; null for SQLite, whose file is its server's own.</summary>
    public static async Task<DatabaseAddress?> CreateDatabaseAsync(DatabaseKind kind) => kind is DatabaseKind.Postgres ? await CreateDatabaseAsync() : null;

    public static Task ExecuteAsync(DatabaseAddress address, string sql) => Cluster.ExecuteAsync(address, sql);

    /// <summary>As statements that any client understands.</summary>
    public static async Task DumpAsync(DatabaseAddress address, string path)
    {
        using var dump = Process.Start("pg_dump", ["--host", cluster!.Folder, "--port", $"{cluster.Port}", "--username", Cluster.User, "--inserts", "--no-owner", "--no-comments", "--file", path, Cluster.NameOf(address)]);
        await dump.WaitForExitAsync();
        // Newer versions of pg_dump add commands that only psql knows.
        await File.WriteAllLinesAsync(path, (await File.ReadAllLinesAsync(path)).Where(line => !line.StartsWith('\\')));
    }

    public static void Stop() => cluster?.Dispose();

    /// <summary>The address as a command line takes it.</summary>
    public static string ToUrl(this DatabaseAddress address) => cluster!.UrlOf(address);
}
