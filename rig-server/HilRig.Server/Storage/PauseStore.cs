using Dapper;
using HilRig.Server.Security;

namespace HilRig.Server.Storage;

/// <summary>Places that get no new run; what runs there goes on to its end.</summary>
public sealed class PauseStore(IDatabase database, TimeProvider time)
{
    /// <summary>Stands for every place.</summary>
    public const string All = "*";

    /// <summary>Why each paused place is, by its name.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ListAsync(CancellationToken cancellationToken)
    {
        await using var reader = await database.OpenReaderAsync(cancellationToken);
        var rows = await reader.QueryAsync<(string Place, string Who, string Because)>(
            new CommandDefinition("SELECT place AS Place, who AS Who, because AS Because FROM pause", cancellationToken: cancellationToken));
        return rows.ToDictionary(row => row.Place, row => $"paused by {row.Who}: {row.Because}", StringComparer.Ordinal);
    }

    public Task PauseAsync(string place, string because, string by, CancellationToken cancellationToken) => ChangeAsync(
        """
        INSERT INTO pause (place, who, because, at_ns) VALUES (@place, @by, @because, @Now)
        ON CONFLICT (place) DO UPDATE SET who = @by, because = @because, at_ns = @Now
        """,
        "pause", place, because, by, cancellationToken);

    public Task ResumeAsync(string place, string by, CancellationToken cancellationToken) =>
        ChangeAsync("DELETE FROM pause WHERE place = @place", "resume", place, "", by, cancellationToken);

    private Task<int> ChangeAsync(string sql, string action, string place, string because, string by, CancellationToken cancellationToken) => database.WriteAsync(
        async transaction =>
        {
            await transaction.Connection!.ExecuteAsync(sql, new { place, by, because, Now = StoredText.ToNanoseconds(time.GetUtcNow()) }, transaction);
            await Audit.WriteAsync(transaction, time.GetUtcNow(), by, action, place, because);
            await database.NotifyAsync(transaction, Notice.Orders);
            return 0;
        },
        cancellationToken);
}
