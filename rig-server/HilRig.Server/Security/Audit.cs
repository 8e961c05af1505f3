using System.Data.Common;
using Dapper;
using HilRig.Server.Storage;

namespace HilRig.Server.Security;

/// <summary>Who changed what, written in the transaction of the change itself: neither is there without the other.</summary>
public sealed class Audit(IDatabase database)
{
    private sealed record Row(long Position, long At, string Who, string Action, string Subject, string Detail);

    /// <param name="action">A verb and its object, such as <c>order run</c>.</param>
    /// <param name="subject">The id or name of what was changed.</param>
    /// <param name="detail">One line, never a secret.</param>
    public static Task WriteAsync(DbTransaction transaction, DateTimeOffset at, string who, string action, string subject, string detail = "") =>
        transaction.Connection!.ExecuteAsync(
            "INSERT INTO audit (at_ns, who, action, subject, detail) VALUES (@At, @who, @action, @subject, @detail)",
            new { At = StoredText.ToNanoseconds(at), who, action, subject, detail }, transaction);

    /// <summary>The newest entries before a position, newest first; by one person or of one subject where these are given.</summary>
    public async Task<IReadOnlyList<AuditEntry>> ListAsync(string? who, string? subject, long before, int limit, CancellationToken cancellationToken)
    {
        await using var reader = await database.OpenReaderAsync(cancellationToken);
        var rows = await reader.QueryAsync<Row>(new CommandDefinition(
            """
            SELECT position AS Position, at_ns AS At, who AS Who, action AS Action, subject AS Subject, detail AS Detail
            FROM audit WHERE position < @before AND (CAST(@who AS TEXT) IS NULL OR who = @who) AND (CAST(@subject AS TEXT) IS NULL OR subject = @subject) ORDER BY position DESC LIMIT @limit
            """,
            new { who, subject, before, limit }, cancellationToken: cancellationToken));
        return [.. rows.Select(row => new AuditEntry(row.Position, StoredText.ToTime(row.At), row.Who, row.Action, row.Subject, row.Detail))];
    }
}

/// <param name="Position">Order of the entries; the next page begins before the last one's.</param>
public sealed record AuditEntry(long Position, DateTimeOffset At, string Who, string Action, string Subject, string Detail);
