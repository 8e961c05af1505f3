using Dapper;
using Microsoft.Data.Sqlite;

namespace HilRig.Server.Storage.Sqlite;

/// <summary>
/// One SQLite file in WAL mode: one connection that writes, behind a gate, and a pool that reads.
/// A committed transaction survives loss of power (synchronous=FULL), so what is acknowledged stays.
/// </summary>
public sealed class SqliteDatabase : IDisposable
{
    private readonly SqliteConnection writer;
    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly string readOnly;

    private SqliteDatabase(SqliteConnection writer, string readOnly) => (this.writer, this.readOnly) = (writer, readOnly);

    /// <summary>Opens or creates the file and brings its schema up to date. Throws <see cref="StartException"/> in words.</summary>
    public static SqliteDatabase Open(string path)
    {
        var writer = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        try
        {
            writer.Open();
            writer.Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536;");
            SqliteMigrations.Apply(writer, path);
        }
        catch (SqliteException exception)
        {
            writer.Dispose();
            throw new StartException($"{path}: cannot be used as a database ({exception.Message}); move it away or choose another directory with --data");
        }
        catch
        {
            writer.Dispose();
            throw;
        }
        var reader = new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly };
        return new SqliteDatabase(writer, reader.ToString());
    }

    /// <summary>A pooled read-only connection; it sees the last committed state and waits for nobody.</summary>
    public SqliteConnection OpenReader()
    {
        var connection = new SqliteConnection(readOnly);
        connection.Open();
        return connection;
    }

    /// <summary>Runs <paramref name="work"/> in the only write transaction; it commits on return and rolls back on any exception.</summary>
    public async Task<T> WriteAsync<T>(Func<SqliteConnection, SqliteTransaction, T> work, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            using var transaction = writer.BeginTransaction();
            var result = work(writer, transaction);
            transaction.Commit();
            return result;
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose()
    {
        using (var pool = new SqliteConnection(readOnly))
            SqliteConnection.ClearPool(pool);
        writer.Dispose();
        gate.Dispose();
    }
}
