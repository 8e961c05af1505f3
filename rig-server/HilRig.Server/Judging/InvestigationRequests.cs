using Dapper;
using HilRig.Server.Security;
using HilRig.Server.Storage;

namespace HilRig.Server.Judging;

/// <summary>Flags that somebody asked the server to follow to their reproducer, whatever it may follow by itself.</summary>
public sealed class InvestigationRequests(IDatabase database, TimeProvider time)
{
    public async Task<IReadOnlySet<string>> ListAsync(CancellationToken cancellationToken)
    {
        await using var reader = await database.OpenReaderAsync(cancellationToken);
        return (await reader.QueryAsync<string>(new CommandDefinition("SELECT flag_id FROM investigation", cancellationToken: cancellationToken))).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Asking twice is asking once.</summary>
    public Task AskAsync(string flagId, string by, CancellationToken cancellationToken) => database.WriteAsync(
        async transaction =>
        {
            var now = time.GetUtcNow();
            await transaction.Connection!.ExecuteAsync(
                "INSERT INTO investigation (flag_id, who, at_ns) VALUES (@flagId, @by, @Now) ON CONFLICT (flag_id) DO NOTHING", new { flagId, by, Now = StoredText.ToNanoseconds(now) }, transaction);
            await Audit.WriteAsync(transaction, now, by, "investigate", flagId, "");
            await database.NotifyAsync(transaction, Notice.Orders);
            return 0;
        },
        cancellationToken);
}
