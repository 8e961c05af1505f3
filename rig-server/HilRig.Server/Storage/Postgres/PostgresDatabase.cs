using System.Data.Common;
using Dapper;
using Npgsql;

namespace HilRig.Server.Storage.Postgres;

/// <summary>A PostgreSQL database, which several servers may share. What a transaction must see unchanged, it locks.</summary>
public sealed class PostgresDatabase : IDatabase
{
    /// <summary>Servers tell each other on this channel.</summary>
    public const string Channel = "hilrig";

    private const int MostTries = 5;

    // Any number will do, as long as every server takes the same.
    private const long MigrationLock = 0x48_49_4c_52_49_47;

    // A notice longer than this says "everything": PostgreSQL refuses payloads of 8000 bytes.
    private const int LongestNotice = 7000;

    private readonly NpgsqlDataSource source;

    private PostgresDatabase(NpgsqlDataSource source) => this.source = source;

    public bool IsShared => true;

    public string ForUpdate => " FOR UPDATE";

    public string ForUpdateSkipLocked => " FOR UPDATE SKIP LOCKED";

    public string Among(string parameter) => $"= ANY (ARRAY(SELECT jsonb_array_elements_text(CAST({parameter} AS jsonb))))";

    /// <summary>This server's name among its fellows.</summary>
    public string Server { get; } = Guid.NewGuid().ToString("n");

    /// <summary>Connects and brings the schema up to date; servers that start together wait for each other. Throws <see cref="StartException"/> in words.</summary>
    public static async Task<PostgresDatabase> OpenAsync(DatabaseAddress address, CancellationToken cancellationToken)
    {
        var source = NpgsqlDataSource.Create(address.ToConnectionString());
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            await connection.ExecuteAsync("SELECT pg_advisory_lock(@MigrationLock)", new { MigrationLock });
            await Migrations.Postgres.ApplyAsync(connection, address.ToString(), cancellationToken);
            await connection.ExecuteAsync("SELECT pg_advisory_unlock(@MigrationLock)", new { MigrationLock });
            return new PostgresDatabase(source);
        }
        catch (NpgsqlException exception)
        {
            await source.DisposeAsync();
            throw new StartException($"{address}: cannot be used as a database ({exception.Message}); start PostgreSQL, create the database, or mend --database");
        }
        catch
        {
            await source.DisposeAsync();
            throw;
        }
    }

    public async Task<DbConnection> OpenReaderAsync(CancellationToken cancellationToken) => await source.OpenConnectionAsync(cancellationToken);

    /// <summary>Two servers may lock the same rows in opposite orders; PostgreSQL ends one of the transactions, which then runs again.</summary>
    public async Task<T> WriteAsync<T>(Func<DbTransaction, Task<T>> work, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync(cancellationToken);
                await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
                var result = await work(transaction);
                await transaction.CommitAsync(cancellationToken);
                return result;
            }
            catch (PostgresException exception) when (attempt < MostTries
                && exception.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure)
            {
            }
        }
    }

    /// <summary>By locks on the names, since a new run has no row yet; in one order, so that no two servers wait for each other.</summary>
    public string LockRuns(string parameter) =>
        $"SELECT pg_advisory_xact_lock(hashtextextended(run_id, 0)) FROM jsonb_array_elements_text(CAST({parameter} AS jsonb)) AS run_id";

    public IEventRows BeginRows(DbTransaction transaction) => new PostgresEventRows((NpgsqlTransaction)transaction);

    public Task NotifyAsync(DbTransaction transaction, Notice notice)
    {
        var payload = $"{Server} {string.Join(' ', notice.RunIds)}";
        if (payload.Length > LongestNotice)
            payload = $"{Server} *";
        return transaction.Connection!.ExecuteAsync("SELECT pg_notify(@Channel, @payload)", new { Channel, payload }, transaction);
    }

    /// <summary>
    /// Hears what other servers tell, until it is cancelled or the connection breaks. <paramref name="listening"/> is called once nothing can be missed.
    /// </summary>
    public async Task ListenAsync(Func<Task> listening, Func<Notice?, Task> heard, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        var notices = new Queue<string>();
        connection.Notification += (_, notification) => notices.Enqueue(notification.Payload);
        await connection.ExecuteAsync($"LISTEN {Channel}");
        await listening();
        while (true)
        {
            await connection.WaitAsync(cancellationToken);
            while (notices.TryDequeue(out var payload))
                await heard(ToNotice(payload));
        }
    }

    public void Dispose() => source.Dispose();

    /// <summary>Null stands for "everything"; our own words are no news to us but for the runs' samples.</summary>
    private Notice? ToNotice(string payload)
    {
        var words = payload.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words is [_, "*"] ? null : new Notice(words[1..]) { IsOwn = words[0] == Server };
    }
}
