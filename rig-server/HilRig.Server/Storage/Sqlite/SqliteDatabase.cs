using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;

namespace HilRig.Server.Storage.Sqlite;

/// <summary>
/// One SQLite file in WAL mode: one connection that writes, behind a gate, and a pool that reads.
/// A committed transaction survives loss of power (synchronous=FULL), so what is acknowledged stays.
/// </summary>
public sealed class SqliteDatabase : IDatabase
{
    private readonly SqliteConnection writer;
    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly string readOnly;

    private SqliteDatabase(SqliteConnection writer, string readOnly) => (this.writer, this.readOnly) = (writer, readOnly);

    public bool IsShared => false;

    public string ForUpdate => "";

    public string ForUpdateSkipLocked => "";

    public string Among(string parameter) => $"IN (SELECT value FROM json_each({parameter}))";

    /// <summary>Opens or creates the file and brings its schema up to date. Throws <see cref="StartException"/> in words.</summary>
    public static async Task<SqliteDatabase> OpenAsync(string path, CancellationToken cancellationToken)
    {
        var writer = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        try
        {
            writer.Open();
            writer.Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536;");
            await Migrations.Sqlite.ApplyAsync(writer, path, cancellationToken);
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

    public async Task<DbConnection> OpenReaderAsync(CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(readOnly);
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    public async Task<T> WriteAsync<T>(Func<DbTransaction, Task<T>> work, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            using var transaction = writer.BeginTransaction();
            var result = await work(transaction);
            transaction.Commit();
            return result;
        }
        finally
        {
            gate.Release();
        }
    }

    public string LockRuns(string parameter) => "SELECT 1";

    public IEventRows BeginRows(DbTransaction transaction) => new SqliteEventRows((SqliteTransaction)transaction);

    public Task NotifyAsync(DbTransaction transaction, Notice notice) => Task.CompletedTask;

    public void Dispose()
    {
        using (var pool = new SqliteConnection(readOnly))
            SqliteConnection.ClearPool(pool);
        writer.Dispose();
        gate.Dispose();
    }
}
