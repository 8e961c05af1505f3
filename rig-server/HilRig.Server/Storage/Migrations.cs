using System.Data.Common;
using System.Globalization;
using Dapper;

namespace HilRig.Server.Storage;

/// <summary>Brings a database up to the newest schema, one numbered script after the other, each in its own transaction.</summary>
/// <param name="Scripts">In order, embedded as <c>migrations/sqlite/0001-runs</c>; the number is the schema's version.</param>
public sealed record Migrations(IReadOnlyList<(int Version, string Resource)> Scripts)
{
    public static Migrations Sqlite { get; } = Of("migrations/sqlite/");

    public static Migrations Postgres { get; } = Of("migrations/postgres/");

    /// <summary>Throws <see cref="StartException"/> when the database was written by a newer version.</summary>
    public async Task ApplyAsync(DbConnection connection, string name, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY, applied_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP)");
        var current = await connection.ExecuteScalarAsync<int>("SELECT coalesce(max(version), 0) FROM schema_version");
        var newest = Scripts[^1].Version;
        if (current > newest)
            throw new StartException($"{name}: its schema is version {current}, this server knows up to {newest}; it was written by a newer HilRig, use that one");
        foreach (var (version, resource) in Scripts.Where(script => script.Version > current))
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await connection.ExecuteAsync(Read(resource), transaction: transaction);
            await connection.ExecuteAsync("INSERT INTO schema_version (version) VALUES (@version)", new { version }, transaction);
            await transaction.CommitAsync(cancellationToken);
        }
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
