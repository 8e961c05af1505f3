using System.Diagnostics;
using HilRig.Server.Storage.Postgres;
using Npgsql;

namespace HilRig.Bench.Server;

/// <summary>
/// A PostgreSQL of one's own, on a socket in a folder of its own; it ends with its owner, even with one that is killed, since the shell around it
/// waits for our end of a pipe.
/// </summary>
public sealed class PostgresCluster : IDisposable
{
    private const string User = "hilrig";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private readonly Process shell;
    private int databases;

    private PostgresCluster(string directory, string programs, Process shell) => (Folder, Programs, this.shell) = (directory, programs, shell);

    public string Folder { get; }

    /// <summary>Where initdb, pg_dump and the others are.</summary>
    public string Programs { get; }

    /// <summary>Null where PostgreSQL is not installed.</summary>
    /// <param name="settings">As <c>-c</c> takes them; <c>fsync=off</c> where nothing is measured.</param>
    public static async Task<PostgresCluster?> StartAsync(params string[] settings)
    {
        if (FindPrograms() is not { } programs)
            return null;
        var folder = Directory.CreateTempSubdirectory("hilrig-pg-").FullName;
        // initdb refuses to work for root, and so does the server.
        var isRoot = Environment.UserName == "root";
        if (isRoot)
            Process.Start("chown", ["postgres", folder]).WaitForExit();
        var script = $$"""
            cd {{folder}} && {{programs}}/initdb -D {{folder}}/data -U {{User}} -A trust -E UTF8 --locale=C --no-sync >{{folder}}/log 2>&1 || exit 1
            {{programs}}/postgres -D {{folder}}/data -k {{folder}} -c listen_addresses='' -c max_connections=200 {{string.Join(' ', settings.Select(setting => $"-c {setting}"))}} >>{{folder}}/log 2>&1 &
            cat >/dev/null; kill -QUIT $!; wait
            """;
        var shell = Process.Start(new ProcessStartInfo(isRoot ? "runuser" : "sh", isRoot ? ["-u", "postgres", "--", "sh", "-c", script] : ["-c", script]) { RedirectStandardInput = true })!;
        var cluster = new PostgresCluster(folder, programs, shell);
        using var patience = new CancellationTokenSource(Patience);
        while (!await cluster.AnswersAsync())
        {
            if (shell.HasExited)
                throw new InvalidOperationException($"PostgreSQL does not start:\n{await File.ReadAllTextAsync(Path.Combine(folder, "log"))}");
            await Task.Delay(50, patience.Token);
        }
        return cluster;
    }

    /// <summary>A new empty database.</summary>
    public async Task<DatabaseAddress> CreateDatabaseAsync()
    {
        var name = $"t{Interlocked.Increment(ref databases)}";
        await ExecuteAsync(AddressOf("postgres"), $"CREATE DATABASE {name}");
        return AddressOf(name);
    }

    public static async Task ExecuteAsync(DatabaseAddress address, string sql)
    {
        await using var source = NpgsqlDataSource.Create(address.ToConnectionString());
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The address as a command line takes it.</summary>
    public string UrlOf(DatabaseAddress address) => UrlOf(NameOf(address));

    public static string NameOf(DatabaseAddress address) => address.ToString().Split('/')[^1];

    public void Dispose()
    {
        shell.StandardInput.Close();
        shell.WaitForExit(Patience);
        shell.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private string UrlOf(string database) => $"postgres://{User}@localhost/{database}?host={Folder}";

    private DatabaseAddress AddressOf(string database) => DatabaseAddress.Parse(UrlOf(database), null);

    private static string? FindPrograms() =>
        (Directory.Exists("/usr/lib/postgresql") ? Directory.EnumerateDirectories("/usr/lib/postgresql").Order().Reverse() : [])
            .Select(version => Path.Combine(version, "bin"))
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")));

    private async Task<bool> AnswersAsync()
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
