using System.Security.Cryptography;
using Dapper;
using HilRig.Server.Security;
using HilRig.Server.Storage;
using Microsoft.AspNetCore.DataProtection;

namespace HilRig.Server.Webhooks;

/// <summary>Webhooks and the log of their deliveries.</summary>
public sealed class WebhookStore(IDatabase database, IDataProtectionProvider keys, TimeProvider time)
{
    private const int AtOnce = 8;
    private readonly IDataProtector protector = keys.CreateProtector("webhook secrets");

    private sealed record Row(string Id, string Url, string Events, string Secret, string Who, long Created);

    private sealed record DeliveryRow(long Position, string Id, string WebhookId, string Event, string Subject, long Created, string State, long Attempts, string Outcome);

    private sealed record DueRow(long Position, string Id, string Event, string Body, string Url, string Secret);

    private long Now => StoredText.ToNanoseconds(time.GetUtcNow());

    public async Task<bool> HasAnyAsync(CancellationToken cancellationToken)
    {
        await using var reader = await database.OpenReaderAsync(cancellationToken);
        return await reader.ExecuteScalarAsync<long>(new CommandDefinition("SELECT count(*) FROM webhook", cancellationToken: cancellationToken)) > 0;
    }

    public async Task<IReadOnlyList<Webhook>> ListAsync(CancellationToken cancellationToken)
    {
        await using var reader = await database.OpenReaderAsync(cancellationToken);
        var rows = await reader.QueryAsync<Row>(new CommandDefinition(
            "SELECT webhook_id AS Id, url AS Url, events AS Events, secret AS Secret, who AS Who, created_ns AS Created FROM webhook ORDER BY created_ns",
            cancellationToken: cancellationToken));
        return [.. rows.Select(row => new Webhook(row.Id, row.Url, StoredText.FromJson<List<string>>(row.Events), row.Who, StoredText.ToTime(row.Created)))];
    }

    /// <summary>Answers the webhook and its secret, which is shown this once.</summary>
    /// <param name="old">Subjects that are no news: until the first webhook came, nobody asked for any.</param>
    public Task<(Webhook Webhook, string Secret)> AddAsync(string url, IReadOnlyList<string> events, IReadOnlyList<string> old, string by, CancellationToken cancellationToken) => database.WriteAsync(
        async transaction =>
        {
            if (await transaction.Connection!.ExecuteScalarAsync<long>("SELECT count(*) FROM webhook", transaction: transaction) == 0)
                await transaction.Connection!.ExecuteAsync("INSERT INTO announced (subject, at_ns) VALUES (@subject, @Now) ON CONFLICT (subject) DO NOTHING", old.Select(subject => new { subject, Now }), transaction);
            var webhook = new Webhook($"w-{RandomNumberGenerator.GetHexString(8, lowercase: true)}", url, events, by, time.GetUtcNow());
            var secret = Security.Secret.New();
            await transaction.Connection!.ExecuteAsync(
                "INSERT INTO webhook (webhook_id, url, events, secret, who, created_ns) VALUES (@Id, @Url, @Events, @Secret, @By, @Now)",
                new { webhook.Id, webhook.Url, Events = StoredText.ToJson(events), Secret = protector.Protect(secret), webhook.By, Now }, transaction);
            await Audit.WriteAsync(transaction, time.GetUtcNow(), by, "add webhook", webhook.Id, url);
            return (webhook, secret);
        },
        cancellationToken);

    /// <summary>False where there is none. What waits for it is told to nobody; its log stays.</summary>
    public Task<bool> RemoveAsync(string id, string by, CancellationToken cancellationToken) => database.WriteAsync(
        async transaction =>
        {
            if (await transaction.Connection!.ExecuteAsync("DELETE FROM webhook WHERE webhook_id = @id", new { id }, transaction) == 0)
                return false;
            await transaction.Connection!.ExecuteAsync("UPDATE delivery SET state = 'failed', outcome = 'the webhook was removed' WHERE webhook_id = @id AND state = 'waiting'", new { id }, transaction);
            await Audit.WriteAsync(transaction, time.GetUtcNow(), by, "remove webhook", id);
            return true;
        },
        cancellationToken);

    /// <summary>A delivery that tells nothing; answers its id, or null where there is no such webhook.</summary>
    public Task<string?> TestAsync(string id, string by, CancellationToken cancellationToken) => database.WriteAsync(
        async transaction =>
        {
            if (await transaction.Connection!.ExecuteScalarAsync<long>("SELECT count(*) FROM webhook WHERE webhook_id = @id", new { id }, transaction) == 0)
                return null;
            await Audit.WriteAsync(transaction, time.GetUtcNow(), by, "test webhook", id);
            return await new Announcement(Announcement.Test, $"webhook:{id}", $"{by} asks whether this arrives.", null).WriteAsync(transaction, id, time.GetUtcNow());
        },
        cancellationToken);

    /// <summary>The newest deliveries of a webhook before a position, newest first.</summary>
    public async Task<IReadOnlyList<Delivery>> ListDeliveriesAsync(string id, long before, int limit, CancellationToken cancellationToken)
    {
        await using var reader = await database.OpenReaderAsync(cancellationToken);
        var rows = await reader.QueryAsync<DeliveryRow>(new CommandDefinition(
            """
            SELECT position AS Position, delivery_id AS Id, webhook_id AS WebhookId, event AS Event, subject AS Subject, created_ns AS Created, state AS State,
                   attempts AS Attempts, outcome AS Outcome
            FROM delivery WHERE webhook_id = @id AND position < @before ORDER BY position DESC LIMIT @limit
            """,
            new { id, before, limit }, cancellationToken: cancellationToken));
        return
        [
            .. rows.Select(row => new Delivery(
                row.Position, row.Id, row.Event, row.Subject, StoredText.ToTime(row.Created), StoredText.ToEnum<DeliveryState>(row.State), (int)row.Attempts, row.Outcome)),
        ];
    }

    /// <summary>Takes deliveries that are due; no other server takes them for as long as given, within which they are to be settled.</summary>
    internal Task<IReadOnlyList<DueDelivery>> TakeDueAsync(TimeSpan keep, CancellationToken cancellationToken) => database.WriteAsync<IReadOnlyList<DueDelivery>>(
        async transaction =>
        {
            var due = (await transaction.Connection!.QueryAsync<long>(
                $"SELECT position FROM delivery WHERE state = 'waiting' AND due_ns <= @Now ORDER BY due_ns LIMIT {AtOnce}{database.ForUpdateSkipLocked}", new { Now }, transaction)).AsList();
            var taken = new List<DueDelivery>();
            foreach (var position in due)
            {
                await transaction.Connection!.ExecuteAsync(
                    "UPDATE delivery SET due_ns = @Due WHERE position = @position", new { Due = StoredText.ToNanoseconds(time.GetUtcNow() + keep), position }, transaction);
                var row = await transaction.Connection!.QuerySingleAsync<DueRow>(
                    """
                    SELECT d.position AS Position, d.delivery_id AS Id, d.event AS Event, d.body AS Body, w.url AS Url, w.secret AS Secret
                    FROM delivery d JOIN webhook w ON w.webhook_id = d.webhook_id WHERE d.position = @position
                    """,
                    new { position }, transaction);
                taken.Add(new DueDelivery(row.Position, row.Id, row.Event, row.Body, new Uri(row.Url), row.Secret));
            }
            return taken;
        },
        cancellationToken);

    /// <summary>The secret in the clear. Throws <see cref="CryptographicException"/> where the server's keys are not those that it was kept with.</summary>
    internal string SecretOf(DueDelivery delivery) => protector.Unprotect(delivery.ProtectedSecret);

    /// <summary>Notes an attempt in the log.</summary>
    internal Task NoteAsync(DueDelivery delivery, DeliveryState state, int attempts, string outcome, CancellationToken cancellationToken) => database.WriteAsync(
        transaction => transaction.Connection!.ExecuteAsync(
            "UPDATE delivery SET state = @State, attempts = @attempts, outcome = @outcome WHERE position = @Position AND state = 'waiting'",
            new { State = StoredText.ToText(state), attempts, outcome, delivery.Position }, transaction),
        cancellationToken);
}

/// <param name="Events">What it is told.</param>
public sealed record Webhook(string Id, string Url, IReadOnlyList<string> Events, string By, DateTimeOffset CreatedAt);

/// <summary>One message to one webhook.</summary>
/// <param name="Position">Order of the log; the next page begins before the last one's.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Outcome">What the last attempt came to, in words.</param>
public sealed record Delivery(long Position, string Id, string Event, string Subject, DateTimeOffset CreatedAt, DeliveryState State, int Attempts, string Outcome);

/// <summary>How far a delivery has come.</summary>
public enum DeliveryState
{
    Waiting,
    Delivered,

    /// <summary>Given up: it was refused, or nobody answered in any attempt.</summary>
    Failed,
}

/// <param name="ProtectedSecret">Still encrypted, so that nothing logs it.</param>
internal sealed record DueDelivery(long Position, string Id, string Event, string Body, Uri Url, string ProtectedSecret);
