using System.Data.Common;
using System.Security.Cryptography;
using Dapper;
using HilRig.Model.Flags;
using HilRig.Server.Storage;

namespace HilRig.Server.Webhooks;

/// <summary>Something that people want to be told, once.</summary>
/// <param name="Event">One of <see cref="Events"/>.</param>
/// <param name="Subject">What it is about: <c>flag:ID</c>, <c>campaign:ID</c>, <c>run:ID</c>, <c>night:DATE</c>.</param>
/// <param name="Text">One sentence for a person.</param>
/// <param name="Data">The thing itself, as the API shows it.</param>
public sealed record Announcement(string Event, string Subject, string Text, object? Data)
{
    public const string FlagNew = "flag-new";
    public const string CampaignDone = "campaign-done";
    public const string BoardWedged = "board-wedged";
    public const string NightReport = "night-report";

    /// <summary>Asked for by a person, to see whether it arrives.</summary>
    public const string Test = "test";

    public static IReadOnlyList<string> Events { get; } = [FlagNew, CampaignDone, BoardWedged, NightReport];

    public static string SubjectOf(Flag flag) => $"flag:{flag.Id}";

    private sealed record Wanting(string WebhookId, string Events);

    /// <summary>Writes a delivery for every webhook that wants it, as a part of the change that it tells of; nothing where it was announced before.</summary>
    public async Task WriteAsync(DbTransaction transaction, DateTimeOffset at)
    {
        var isNews = await transaction.Connection!.ExecuteAsync(
            "INSERT INTO announced (subject, at_ns) VALUES (@Subject, @At) ON CONFLICT (subject) DO NOTHING", new { Subject, At = StoredText.ToNanoseconds(at) }, transaction);
        if (isNews == 0)
            return;
        foreach (var webhook in await transaction.Connection!.QueryAsync<Wanting>("SELECT webhook_id AS WebhookId, events AS Events FROM webhook", transaction: transaction))
        {
            if (StoredText.FromJson<List<string>>(webhook.Events).Contains(Event))
                await WriteAsync(transaction, webhook.WebhookId, at);
        }
    }

    /// <summary>The same for one webhook, whatever it wants and however often.</summary>
    internal async Task<string> WriteAsync(DbTransaction transaction, string webhookId, DateTimeOffset at)
    {
        var id = $"d-{RandomNumberGenerator.GetHexString(16, lowercase: true)}";
        await transaction.Connection!.ExecuteAsync(
            """
            INSERT INTO delivery (delivery_id, webhook_id, event, subject, body, created_ns, state, due_ns)
            VALUES (@id, @webhookId, @Event, @Subject, @Body, @At, 'waiting', @At)
            """,
            new { id, webhookId, Event, Subject, Body = StoredText.ToJson(new Message(id, Event, at, Subject, Text, Data)), At = StoredText.ToNanoseconds(at) }, transaction);
        return id;
    }

    /// <summary>The body of a delivery.</summary>
    /// <param name="Id">The delivery's; the same on every attempt.</param>
    private sealed record Message(string Id, string Event, DateTimeOffset At, string Subject, string Text, object? Data);
}
