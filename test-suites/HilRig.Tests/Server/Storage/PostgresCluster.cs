using System.Diagnostics;
using HilRig.Server.Storage.Postgres;
using Npgsql;
using NUnit.Framework;

namespace HilRig.Tests.Server.Storage;

/// <summary>
/// A PostgreSQL of the tests' own, on a socket in a folder of its own: started when the first test asks, ended with the test run,
/// even with one that is killed, since the shell around it waits for our end of a pipe.
/// </summary>
internal static class PostgresCluster
{
    private const string User = "hilrig";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly SemaphoreSlim Gate = new(1, 1);
    private static string? directory;
    private static Process? shell;
    private static int databases;

    /// <summary>A new empty database. Skips the test, with the reason, where there is no PostgreSQL.</summary>
    public static async Task<DatabaseAddress> CreateDatabaseAsync()
    {
        await Gate.WaitAsync();
        try
        {
            if (directory is null)
                await StartAsync(FindPrograms() ?? throw new IgnoreException("PostgreSQL is not installed: there is no initdb ('sudo apt-get install postgresql' on Debian)"));
            var name = $"t{++databases}";
            await ExecuteAsync(AddressOf("postgres"), $"CREATE DATABASE {name}");
            return AddressOf(name);
        }
        finally
        {
            Gate.Release();
        }
    }

    public static async Task ExecuteAsync(DatabaseAddress address, string sql)
    {
        await using var source = NpgsqlDataSource.Create(address.ToConnectionString());
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>As statements that any client understands.</summary>
    public static async Task DumpAsync(DatabaseAddress address, string path)
    {
        var name = address.ToString().Split('/')[^1];
        using var dump = Process.Start("pg_dump", ["--host", directory!, "--username", User, "--inserts", "--no-owner", "--no-comments", "--file", path, name]);
        await dump.WaitForExitAsync();
        // Newer versions of pg_dump add commands that only psql knows.
        await File.WriteAllLinesAsync(path, (await File.ReadAllLinesAsync(path)).Where(line => !line.StartsWith('\\')));
    }

    public static void Stop()
    {
        if (shell is null)
            return;
        shell.StandardInput.Close();
        shell.WaitForExit(Patience);
        shell.Dispose();
        Directory.Delete(directory!, recursive: true);
    }

    /// <summary>The address as a command line takes it.</summary>
    public static string ToUrl(this DatabaseAddress address) => UrlOf(address.ToString().Split('/')[^1]);

    private static DatabaseAddress AddressOf(string database) => DatabaseAddress.Parse(UrlOf(database), null);

    private static string UrlOf(string database) => $"postgres://{User}@localhost/{database}?host={directory}";

    private static string? FindPrograms() =>
        (Directory.Exists("/usr/lib/postgresql") ? Directory.EnumerateDirectories("/usr/lib/postgresql").Order().Reverse() : [])
            .Select(version => Path.Combine(version, "bin"))
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")));

    private static async Task StartAsync(string programs)
    {
        var folder = Directory.CreateTempSubdirectory("hilrig-pg-").FullName;
        // initdb refuses to work for root, and so does the server.
        var isRoot = Environment.UserName == "root";
        if (isRoot)
            Process.Start("chown", ["postgres", folder]).WaitForExit();
        var script = $$"""
            cd {{folder}} && {{programs}}/initdb -D {{folder}}/data -U {{User}} -A trust -E UTF8 --locale=C --no-sync >{{folder}}/log 2>&1 || exit 1
            {{programs}}/postgres -D {{folder}}/data -k {{folder}} -c listen_addresses='' -c fsync=off -c max_connections=200 >>{{folder}}/log 2>&1 &
            cat >/dev/null; kill -QUIT $!; wait
            """;
        shell = Process.Start(new ProcessStartInfo(isRoot ? "runuser" : "sh", isRoot ? ["-u", "postgres", "--", "sh", "-c", script] : ["-c", script]) { RedirectStandardInput = true })!;
        directory = folder;
        using var patience = new CancellationTokenSource(Patience);
        while (!await AnswersAsync())
        {
            if (shell.HasExited)
                throw new InvalidOperationException($"PostgreSQL does not start:\n{await File.ReadAllTextAsync(Path.Combine(folder, "log"))}");
            await Task.Delay(50, patience.Token);
        }
    }

    private static async Task<bool> AnswersAsync()
    {
        try
        {
            await ExecuteAsync(AddressOf("postgres"), "SELECT 1");
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}

/// <summary>Ends the cluster with the last test of the server.</summary>
[SetUpFixture]
public sealed class PostgresClusterEnd
{
    [OneTimeTearDown]
    public void Stop() => PostgresCluster.Stop();
}
