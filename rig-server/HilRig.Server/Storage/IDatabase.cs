using System.Data.Common;

namespace HilRig.Server.Storage;

/// <summary>A database that the stores speak SQL to. SQLite and PostgreSQL understand the same statements, but for what stands here.</summary>
public interface IDatabase : IDisposable
{
    /// <summary>True where other servers may use it at the same time.</summary>
    bool IsShared { get; }

    /// <summary>Ends a SELECT of rows that the transaction will change: another server waits for them.</summary>
    string ForUpdate { get; }

    /// <summary>Ends a SELECT of the next row to take: another server takes the one after it.</summary>
    string ForUpdateSkipLocked { get; }

    /// <summary>Tests that a text stands in the JSON array that this parameter is; one form for any number of them, so that it is prepared once.</summary>
    string Among(string parameter);

    /// <summary>A connection that sees the last committed state and waits for nobody.</summary>
    Task<DbConnection> OpenReaderAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Runs <paramref name="work"/> in a write transaction, which commits on return and rolls back on any exception.
    /// It may run more than once where servers stood in each other's way.
    /// </summary>
    Task<T> WriteAsync<T>(Func<DbTransaction, Task<T>> work, CancellationToken cancellationToken);

    /// <summary>A statement that keeps every other server from appending to the runs in this parameter, a JSON array in order, until the transaction ends; its answer says nothing.</summary>
    string LockRuns(string parameter);

    /// <summary>The fast way in for events and what is computed from them.</summary>
    IEventRows BeginRows(DbTransaction transaction);

    /// <summary>Tells the other servers, once the transaction is committed; to nobody where there are none.</summary>
    Task NotifyAsync(DbTransaction transaction, Notice notice);
}

/// <summary>What one server tells the others: never data, only where to read again.</summary>
/// <param name="RunIds">Runs with new events; empty when orders, places or agents changed.</param>
public sealed record Notice(IReadOnlyList<string> RunIds)
{
    public static Notice Orders { get; } = new([]);

    /// <summary>True for one's own words, which come back as everybody's do.</summary>
    public bool IsOwn { get; init; }
}
