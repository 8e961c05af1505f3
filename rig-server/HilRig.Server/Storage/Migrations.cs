using System.Data.Common;
using System.Globalization;
using Dapper;

namespace HilRig.Server.Storage;

/// <summary>Brings a database up to the newest schema, one numbered script after the other, each in its own transaction.</summary>
/// <param name="Scripts">In order, embedded as <c>migrations/sqlite/0001-runs</c>; the number is the schema's version.</param>
public sealed record Migrations(IReadOnlyList<(int Version, string Resource)> Scripts)
{
    private const string CreateRecord = "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY, applied_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP)";

    public static Migrations Sqlite { get; } = Of("migrations/sqlite/");

    public static Migrations Postgres { get; } = Of("migrations/postgres/");

    /// <summary>Throws <see cref="StartException"/> when the database was written by a newer version.</summary>
    public async Task ApplyAsync(DbConnection connection, string name, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync(CreateRecord);
        var current = await connection.ExecuteScalarAsync<int>("SELECT coalesce(max(version), 0) FROM schema_version");
        var newest = Scripts[^1].Version;
        if (current > newest)
            throw new StartException($"{name}: its schema is version {current}, this server knows up to {newest}; it was written by a newer HilRig, use that one");
        foreach (var script in Scripts.Where(script => script.Version > current))
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await ApplyAsync(transaction, script);
            await transaction.CommitAsync(cancellationToken);
        }
    }

    /// <summary>The schema of an older version in an empty database, within a transaction that fills it: for a restore.</summary>
    public async Task ApplyWithinAsync(DbTransaction transaction, int version, string name, CancellationToken cancellationToken)
    {
        if (version > Scripts[^1].Version)
            throw new StartException($"{name}: the backup's schema is version {version}, this server knows up to {Scripts[^1].Version}; restore it with the HilRig that wrote it or a newer one");
        await transaction.Connection!.ExecuteAsync(CreateRecord, transaction: transaction);
        foreach (var script in Scripts.Where(script => script.Version <= version))
        {
            cancellationToken.ThrowIfCancellationRequested();
            await ApplyAsync(transaction, script);
        }
    }

    private static async Task ApplyAsync(DbTransaction transaction, (int Version, string Resource) script)
    {
        await transaction.Connection!.ExecuteAsync(Read(script.Resource), transaction: transaction);
        await transaction.Connection!.ExecuteAsync("INSERT INTO schema_version (version) VALUES (@Version)", new { script.Version }, transaction);
    }

    private static Migrations Of(string prefix) => new(
    [
        .. typeof(Migrations).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(name => (int.Parse(name.AsSpan(prefix.Length, 4), CultureInfo.InvariantCulture), name))
            .Order(),
    ]);

    private static string Read(string resource)
    {
        using var stream = typeof(Migrations).Assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
