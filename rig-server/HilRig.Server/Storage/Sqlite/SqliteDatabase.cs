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
    /// <summary>SQLITE_IOERR, whatever its kind.</summary>
    private const int InputOutputError = 10;

    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly string path;
    private readonly string readOnly;
    private SqliteConnection writer;
    private bool isBroken;

    private SqliteDatabase(string path, SqliteConnection writer)
    {
        (this.path, this.writer) = (path, writer);
        readOnly = new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly }.ToString();
    }

    public bool IsShared => false;

    public string ForUpdate => "";

    public string ForUpdateSkipLocked => "";

    public string Among(string parameter) => $"IN (SELECT value FROM json_each({parameter}))";

    /// <summary>Opens or creates the file and brings its schema up to date. Throws <see cref="StartException"/> in words.</summary>
    public static async Task<SqliteDatabase> OpenAsync(string path, CancellationToken cancellationToken)
    {
        var writer = CreateWriter(path);
        try
        {
            Open(writer);
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
        return new SqliteDatabase(path, writer);
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
            if (isBroken)
                Reopen();
            using var transaction = writer.BeginTransaction();
            var result = await work(transaction);
            transaction.Commit();
            return result;
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode is InputOutputError)
        {
            isBroken = true;
            throw;
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
        Close();
        gate.Dispose();
    }

    private static SqliteConnection CreateWriter(string path) => new(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());

    private static void Open(SqliteConnection writer)
    {
        writer.Open();
        writer.Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536;");
    }

    /// <summary>A connection that met an error of the disk may go on answering with it when the disk has room again: seen once, by `./rig chaos --seed 191261`.</summary>
    private void Reopen()
    {
        Close();
        writer = CreateWriter(path);
        Open(writer);
        isBroken = false;
    }

    private void Close()
    {
        using (var pool = new SqliteConnection(readOnly))
            SqliteConnection.ClearPool(pool);
        writer.Dispose();
    }
}
