using System.Data.Common;
using Dapper;

namespace HilRig.Server.Storage;

/// <summary>Rows of a query whose columns are computed: SQLite names no type of such a column while there is no row, and Dapper asks for one.</summary>
internal static class CountedRows
{
    public static async Task<List<T>> ReadAsync<T>(DbConnection connection, string sql, object parameters, Func<DbDataReader, T> read, CancellationToken cancellationToken)
    {
        var rows = new List<T>();
        await ForEachAsync(connection, sql, parameters, row => rows.Add(read(row)), cancellationToken);
        return rows;
    }

    /// <summary>The same for more rows than anybody wants to keep.</summary>
    public static async Task ForEachAsync(DbConnection connection, string sql, object parameters, Action<DbDataReader> take, CancellationToken cancellationToken)
    {
        await using var reader = (DbDataReader)await connection.ExecuteReaderAsync(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken));
        while (await reader.ReadAsync(cancellationToken))
            take(reader);
    }
}
