using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using HilRig.Agent;
using HilRig.Server.Storage.Postgres;
using Npgsql;

namespace HilRig.Bench.Server;

/// <summary>
/// A PostgreSQL of one's own, on loopback with a password and on a socket in a folder of its own; it ends with its owner, even with one that is
/// killed, since the shell around it waits for our end of a pipe.
/// </summary>
public sealed class PostgresCluster : IDisposable
{
    public const string User = "hilrig";
    private const string Secret = "only for loopback";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private readonly Process shell;
    private int databases;

    private PostgresCluster(string directory, string programs, int port, Process shell) => (Folder, Programs, Port, this.shell) = (directory, programs, port, shell);

    public string Folder { get; }

    /// <summary>Where initdb, pg_dump and the others are.</summary>
    public string Programs { get; }

    /// <summary>TCP port on loopback, which names the socket too.</summary>
    public int Port { get; }

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
        var port = FreePort();
        var script = $$"""
            cd {{folder}} && echo '{{Secret}}' >{{folder}}/secret && {{programs}}/initdb -D {{folder}}/data -U {{User}} --pwfile={{folder}}/secret --auth-local=trust --auth-host=scram-sha-256 -E UTF8 --locale=C --no-sync >{{folder}}/log 2>&1 || exit 1
            {{programs}}/postgres -D {{folder}}/data -k {{folder}} -c listen_addresses=127.0.0.1 -c port={{port}} -c max_connections=200 {{string.Join(' ', settings.Select(setting => $"-c {setting}"))}} >>{{folder}}/log 2>&1 &
            cat >/dev/null; kill -QUIT $!; wait
            """;
        var shell = Process.Start(new ProcessStartInfo(isRoot ? "runuser" : "sh", isRoot ? ["-u", "postgres", "--", "sh", "-c", script] : ["-c", script]) { RedirectStandardInput = true })!;
        var cluster = new PostgresCluster(folder, programs, port, shell);
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

    /// <summary>The address of the socket, where nobody asks for a password, as a command line takes it.</summary>
    public string UrlOf(DatabaseAddress address) => $"postgres://{User}@localhost:{Port}/{NameOf(address)}?host={Folder}";

    public static string NameOf(DatabaseAddress address) => address.ToString().Split('/')[^1];

    public void Dispose()
    {
        shell.StandardInput.Close();
        shell.WaitForExit(Patience);
        shell.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private DatabaseAddress AddressOf(string database) => DatabaseAddress.Parse($"postgres://{User}@127.0.0.1:{Port}/{database}", Secret);

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static string? FindPrograms() =>
        (Directory.Exists("/usr/lib/postgresql") ? Directory.EnumerateDirectories("/usr/lib/postgresql").Order().Reverse() : [])
            .Select(version => Path.Combine(version, "bin"))
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb"))) ?? Path.GetDirectoryName(SearchPath.Find("initdb"));

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
