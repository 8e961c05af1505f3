using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;

namespace HilRig.Server.Storage.Sqlite;

/// <summary>Brings a database up to the newest schema, one numbered script after the other, each in its own transaction.</summary>
public static class SqliteMigrations
{
    private const string Prefix = "migrations/";

    /// <summary>Scripts in order, embedded as <c>migrations/0001-runs</c>; the number is the schema's version.</summary>
    public static IReadOnlyList<(int Version, string Resource)> Scripts { get; } =
    [
        .. typeof(SqliteMigrations).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => (int.Parse(name.AsSpan(Prefix.Length, 4), CultureInfo.InvariantCulture), name))
            .Order(),
    ];

    /// <summary>Throws <see cref="StartException"/> when the file was written by a newer version.</summary>
    public static void Apply(SqliteConnection connection, string path)
    {
        connection.Execute("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY, applied_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP)");
        var current = connection.ExecuteScalar<int>("SELECT coalesce(max(version), 0) FROM schema_version");
        var newest = Scripts[^1].Version;
        if (current > newest)
            throw new StartException($"{path}: its schema is version {current}, this server knows up to {newest}; it was written by a newer HilRig, use that one");
        foreach (var (version, resource) in Scripts.Where(script => script.Version > current))
        {
            using var transaction = connection.BeginTransaction();
            connection.Execute(Read(resource), transaction: transaction);
            connection.Execute("INSERT INTO schema_version (version) VALUES (@version)", new { version }, transaction);
            transaction.Commit();
        }
    }

    private static string Read(string resource)
    {
        using var stream = typeof(SqliteMigrations).Assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
