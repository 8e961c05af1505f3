using System.Text.Json;
using Dapper;
using HilRig.Model;
using HilRig.Model.Runs;
using HilRig.Server.Storage;
using HilRig.Server.Storage.Postgres;
using Npgsql;

namespace HilRig.Server.Operations;

/// <summary>
/// Every table of a PostgreSQL database as of one moment, as COPY writes it, one file each: it needs the connection that the server has anyway,
/// not a pg_dump of the database's version beside the server. The schema itself is the migrations' of the version that is noted.
/// </summary>
internal static class PostgresDump
{
    /// <summary>Of the backup, below its directory.</summary>
    public const string Folder = "database";

    private const string Index = "tables.json";

    private sealed record Table(string Name, IReadOnlyList<string> Columns, long Rows);

    private sealed record Tables(int SchemaVersion, IReadOnlyList<Table> All);

    public static async Task TakeAsync(DatabaseAddress address, string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        await using var source = NpgsqlDataSource.Create(address.ToConnectionString());
        await using var connection = await OpenAsync(source, address, cancellationToken);
        // One snapshot for all tables; servers go on writing meanwhile.
        await using var snapshot = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        var version = await connection.ExecuteScalarAsync<int>("SELECT max(version) FROM schema_version", transaction: snapshot);
        var tables = new List<Table>();
        foreach (var name in await TablesAsync(connection))
        {
            var columns = (await connection.QueryAsync<string>(
                "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = @name ORDER BY ordinal_position", new { name })).AsList();
            var rows = await connection.ExecuteScalarAsync<long>($"SELECT count(*) FROM {Quote(name)}");
            tables.Add(new Table(name, columns, rows));
            await using var file = File.Create(Path.Combine(folder, name));
            await using var copy = await connection.BeginRawBinaryCopyAsync($"COPY {Quote(name)} ({Quote(columns)}) TO STDOUT (FORMAT BINARY)", cancellationToken);
            await copy.CopyToAsync(file, cancellationToken);
        }
        await File.WriteAllTextAsync(Path.Combine(folder, Index), JsonSerializer.Serialize(new Tables(version, tables), RunJson.Options), cancellationToken);
    }

    /// <summary>Fills an empty database, all or nothing, and brings its schema up to date. Throws <see cref="BadInputException"/> in words.</summary>
    public static async Task RestoreAsync(string folder, DatabaseAddress address, CancellationToken cancellationToken)
    {
        var tables = JsonSerializer.Deserialize<Tables>(await File.ReadAllTextAsync(Path.Combine(folder, Index), cancellationToken), RunJson.Options)!;
        await using (var source = NpgsqlDataSource.Create(address.ToConnectionString()))
        {
            await using var connection = await OpenAsync(source, address, cancellationToken);
            if ((await TablesAsync(connection)).Count > 0)
                throw new BadInputException($"--database {address}: it is not empty; a backup is restored into a new database, nothing is overwritten");
            await using var whole = await connection.BeginTransactionAsync(cancellationToken);
            await Migrations.Postgres.ApplyWithinAsync(whole, tables.SchemaVersion, address.ToString(), cancellationToken);
            foreach (var table in tables.All)
                await FillAsync(connection, table, Path.Combine(folder, table.Name), cancellationToken);
            await whole.CommitAsync(cancellationToken);
        }
        using var opened = await PostgresDatabase.OpenAsync(address, cancellationToken);
    }

    private static async Task FillAsync(NpgsqlConnection connection, Table table, string path, CancellationToken cancellationToken)
    {
        await using (var file = File.OpenRead(path))
        {
            await using var copy = await connection.BeginRawBinaryCopyAsync($"COPY {Quote(table.Name)} ({Quote(table.Columns)}) FROM STDIN (FORMAT BINARY)", cancellationToken);
            await file.CopyToAsync(copy, cancellationToken);
        }
        if (await connection.ExecuteScalarAsync<long>($"SELECT count(*) FROM {Quote(table.Name)}") is var rows && rows != table.Rows)
            throw new StartException($"{path}: {rows} rows came back where {table.Rows} were saved; nothing was restored");
        // What the database numbers itself goes on behind what it had.
        foreach (var column in table.Columns)
        {
            if (await connection.ExecuteScalarAsync<string?>("SELECT pg_get_serial_sequence(@Table, @column)", new { Table = Quote(table.Name), column }) is { } sequence)
                await connection.ExecuteAsync($"SELECT setval(@sequence::regclass, max({Quote(column)})) FROM {Quote(table.Name)}", new { sequence });
        }
    }

    /// <summary>All but the migrations' own record, which they write themselves.</summary>
    private static async Task<List<string>> TablesAsync(NpgsqlConnection connection) => (await connection.QueryAsync<string>(
        """
        SELECT table_name FROM information_schema.tables
        WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' AND table_name <> 'schema_version' ORDER BY table_name
        """)).AsList();

    private static async Task<NpgsqlConnection> OpenAsync(NpgsqlDataSource source, DatabaseAddress address, CancellationToken cancellationToken)
    {
        try
        {
            return await source.OpenConnectionAsync(cancellationToken);
        }
        catch (NpgsqlException exception)
        {
            throw new StartException($"{address}: it cannot be reached ({exception.Message}); start PostgreSQL or mend --database");
        }
    }

    private static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Quote(IEnumerable<string> names) => string.Join(", ", names.Select(Quote));
}
