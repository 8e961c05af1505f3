namespace HilRig.Model.Settings;

/// <summary>What the pages of an admin read: who may what, who is told what, who did what.</summary>
public interface ISettingsReader
{
    /// <summary>How long what is kept.</summary>
    RetentionTerms Retention { get; }

    /// <summary>What a webhook can be told.</summary>
    IReadOnlyList<string> WebhookEvents { get; }

    Task<IReadOnlyList<PersonEntry>> ListPeopleAsync(CancellationToken cancellationToken);

    /// <summary>Tokens ever issued, those that open something first, then the newest.</summary>
    Task<IReadOnlyList<TokenEntry>> ListTokensAsync(CancellationToken cancellationToken);

    Task<IReadOnlyList<WebhookEntry>> ListWebhooksAsync(CancellationToken cancellationToken);

    /// <summary>What a webhook was told before a position, newest first.</summary>
    Task<IReadOnlyList<DeliveryEntry>> ListDeliveriesAsync(string webhookId, long before, int limit, CancellationToken cancellationToken);

    /// <summary>What was changed before a position, newest first.</summary>
    /// <param name="who">Only what this person did; null for everybody.</param>
    /// <param name="subject">Only what was done to this; null for everything.</param>
    Task<IReadOnlyList<AuditLine>> ListAuditAsync(string? who, string? subject, long before, int limit, CancellationToken cancellationToken);
}

/// <param name="Role">viewer, operator, qa or admin.</param>
public sealed record PersonEntry(string Name, string Role);

/// <param name="Role">agent, or a person's.</param>
/// <param name="IsValid">Neither revoked nor expired.</param>
/// <param name="IsConnected">An agent by this token's name is connected.</param>
public sealed record TokenEntry(string Id, string Name, string Role, DateTimeOffset Created, DateTimeOffset? Expires, DateTimeOffset? Revoked, bool IsValid, bool IsConnected);

/// <param name="Events">What it is told.</param>
public sealed record WebhookEntry(string Id, string Url, IReadOnlyList<string> Events, string By, DateTimeOffset CreatedAt);

/// <param name="State">waiting, delivered or failed.</param>
/// <param name="Outcome">What the last attempt came to, in words.</param>
public sealed record DeliveryEntry(long Position, string Id, string Event, string Subject, DateTimeOffset CreatedAt, string State, int Attempts, string Outcome);

/// <param name="Position">Order of the entries; the next page begins before the last one's.</param>
public sealed record AuditLine(long Position, DateTimeOffset At, string Who, string Action, string Subject, string Detail);

/// <summary>Null for ever.</summary>
public sealed record RetentionTerms(TimeSpan? Evidence, TimeSpan? Events, TimeSpan? Results);
