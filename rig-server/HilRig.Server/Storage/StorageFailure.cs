using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace HilRig.Server.Storage;

/// <summary>What a database's refusal is about: the rows, or the disk under it.</summary>
internal static class StorageFailure
{
    /// <summary>True where the rows were at fault, not the disk or the way to the database, which would refuse each of them alone as well.</summary>
    public static bool IsOfData(Exception exception) => exception switch
    {
        // Classes of the SQL standard: data exception, integrity constraint violation, program limit exceeded.
        PostgresException { SqlState: ['2', '2' or '3', ..] or ['5', '4', ..] } => true,
        // SQLITE_ERROR, SQLITE_TOOBIG, SQLITE_CONSTRAINT, SQLITE_MISMATCH.
        SqliteException { SqliteErrorCode: 1 or 18 or 19 or 20 } => true,
        DbException or IOException or TimeoutException => false,
        _ => true,
    };

    /// <summary>True where the disk is full, cannot be written, or does not do what it should.</summary>
    public static bool IsOfDisk(Exception exception) => exception switch
    {
        // Read-only transaction, disk full.
        PostgresException { SqlState: "25006" or "53100" } => true,
        // SQLITE_READONLY, SQLITE_IOERR, SQLITE_FULL.
        SqliteException { SqliteErrorCode: 8 or 10 or 13 } => true,
        // ENOSPC, EROFS, EDQUOT; Windows' ERROR_DISK_FULL.
        IOException { HResult: 28 or 30 or 122 or unchecked((int)0x80070070) } => true,
        _ => false,
    };
}
