using HilRig.Model.Settings;
using HilRig.Server.Agents;
using HilRig.Server.Retention;
using HilRig.Server.Security;
using HilRig.Server.Storage;
using HilRig.Server.Webhooks;

namespace HilRig.Server.Settings;

/// <summary>What an admin's pages read from the stores of accounts, webhooks and audit.</summary>
internal sealed class SettingsReader(PersonStore people, TokenStore tokens, WebhookStore webhooks, Audit audit, AgentRegistry agents, Keeping keeping, TimeProvider time) : ISettingsReader
{
    public RetentionTerms Retention => new(keeping.Evidence, keeping.Events, keeping.Results);

    public IReadOnlyList<string> WebhookEvents => Announcement.Events;

    public async Task<IReadOnlyList<PersonEntry>> ListPeopleAsync(CancellationToken cancellationToken) =>
        [.. (await people.ListAsync(cancellationToken)).Select(person => new PersonEntry(person.Name, StoredText.ToText(person.Role)))];

    public async Task<IReadOnlyList<TokenEntry>> ListTokensAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var connected = agents.All.Select(agent => agent.Name).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. (await tokens.ListAsync(cancellationToken))
                .Select(token => new TokenEntry(
                    token.Id, token.Name, StoredText.ToText(token.Role), token.Created, token.Expires, token.Revoked,
                    token.Revoked is null && !(token.Expires < now), token.Role is Role.Agent && connected.Contains(token.Name)))
                .OrderByDescending(token => token.IsValid).ThenByDescending(token => token.Created),
        ];
    }

    public async Task<IReadOnlyList<WebhookEntry>> ListWebhooksAsync(CancellationToken cancellationToken) =>
        [.. (await webhooks.ListAsync(cancellationToken)).Select(webhook => new WebhookEntry(webhook.Id, webhook.Url, webhook.Events, webhook.By, webhook.CreatedAt))];

    public async Task<IReadOnlyList<DeliveryEntry>> ListDeliveriesAsync(string webhookId, long before, int limit, CancellationToken cancellationToken) =>
    [
        .. (await webhooks.ListDeliveriesAsync(webhookId, before, limit, cancellationToken)).Select(delivery => new DeliveryEntry(
            delivery.Position, delivery.Id, delivery.Event, delivery.Subject, delivery.CreatedAt, StoredText.ToText(delivery.State), delivery.Attempts, delivery.Outcome)),
    ];

    public async Task<IReadOnlyList<AuditLine>> ListAuditAsync(string? who, string? subject, long before, int limit, CancellationToken cancellationToken) =>
        [.. (await audit.ListAsync(who, subject, before, limit, cancellationToken)).Select(entry => new AuditLine(entry.Position, entry.At, entry.Who, entry.Action, entry.Subject, entry.Detail))];
}
