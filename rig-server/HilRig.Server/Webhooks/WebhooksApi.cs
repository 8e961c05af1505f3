using System.Net;
using System.Text.Json.Serialization;
using HilRig.Model;
using HilRig.Server.Api;
using HilRig.Server.Judging;
using HilRig.Server.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HilRig.Server.Webhooks;

/// <summary><c>/api/v1/webhooks</c>.</summary>
internal static class WebhooksApi
{
    private const int MostDeliveries = 1000;

    public static void MapWebhooks(this RouteGroupBuilder api)
    {
        var admin = api.MapGroup("/webhooks").RequireAuthorization(Access.Admin);
        admin.MapGet("", ListAsync).WithSummary("Who is told what, without the secrets.");
        admin.MapPost("", AddAsync).WithSummary("Tells an address of new flags, finished campaigns, wedged boards or what a night came to; answers the secret of its signatures, once.")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        admin.MapDelete("/{webhookId}", RemoveAsync).WithSummary("Tells it nothing more; the log of its deliveries stays.").ProducesProblem(StatusCodes.Status404NotFound);
        admin.MapPost("/{webhookId}/test", TestAsync).WithSummary("Sends a message that tells nothing.").ProducesProblem(StatusCodes.Status404NotFound);
        admin.MapGet("/{webhookId}/deliveries", ListDeliveriesAsync).WithSummary("What it was told and how that went, newest first.").ProducesProblem(StatusCodes.Status400BadRequest);
    }

    private static async Task<Ok<IReadOnlyList<Webhook>>> ListAsync(HttpContext context, WebhookStore webhooks, CancellationToken cancellationToken, string? cursor = null, int limit = NextPage.MostOnPage) =>
        NextPage.Of(context, await webhooks.ListAsync(cancellationToken), cursor, limit, webhook => webhook.Id);

    internal static async Task<Ok<NewWebhook>> AddAsync(WebhookRequest request, HttpContext context, WebhookStore webhooks, FlagBook flags, ServerOptions options, CancellationToken cancellationToken)
    {
        request.Check(options.PrivateWebhooks);
        await flags.Complete.WaitAsync(cancellationToken);
        var (webhook, secret) = await webhooks.AddAsync(request.Url, request.Events ?? Announcement.Events, [.. flags.Read().Select(Announcement.SubjectOf)], Access.NameOf(context.User), cancellationToken);
        return TypedResults.Ok(new NewWebhook(webhook, secret));
    }

    internal static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(string webhookId, HttpContext context, WebhookStore webhooks, CancellationToken cancellationToken) =>
        await webhooks.RemoveAsync(webhookId, Access.NameOf(context.User), cancellationToken) ? TypedResults.NoContent() : Problems.NotFound($"there is no webhook {webhookId}");

    internal static async Task<Results<Accepted<TestSent>, ProblemHttpResult>> TestAsync(string webhookId, HttpContext context, WebhookStore webhooks, CancellationToken cancellationToken) =>
        await webhooks.TestAsync(webhookId, Access.NameOf(context.User), cancellationToken) is { } delivery
            ? TypedResults.Accepted($"/api/v1/webhooks/{webhookId}/deliveries", new TestSent(delivery))
            : Problems.NotFound($"there is no webhook {webhookId}");

    private static async Task<Ok<IReadOnlyList<Delivery>>> ListDeliveriesAsync(
        string webhookId, HttpContext context, WebhookStore webhooks, CancellationToken cancellationToken, long cursor = long.MaxValue, int limit = 100)
    {
        limit = Math.Clamp(limit, 1, MostDeliveries);
        var found = await webhooks.ListDeliveriesAsync(webhookId, cursor, limit, cancellationToken);
        NextPage.Announce(context, found, limit, last => $"{last.Position}");
        return TypedResults.Ok(found);
    }
}

/// <param name="Url">Where the messages go, http or https.</param>
/// <param name="Events">flag-new, campaign-done, board-wedged, night-report; all where it is missing.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record WebhookRequest(string Url, IReadOnlyList<string>? Events = null)
{
    private const int LongestUrl = 500;

    /// <summary>Throws <see cref="BadInputException"/> that names the field. What a name leads to is judged when it is called.</summary>
    internal void Check(bool mayBePrivate)
    {
        if (Url.Length > LongestUrl || !Uri.TryCreate(Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            throw new BadInputException($"url: `{Url}` is no address; https://example.com/hook is one");
        if (url.UserInfo.Length > 0)
            throw new BadInputException("url: leave name and password out; the signature proves who sends");
        if (!mayBePrivate && (url.IsLoopback || (IPAddress.TryParse(url.Host.Trim('[', ']'), out var address) && !PublicAddress.Is(address))))
            throw new BadInputException($"url: {url.Host} is inside this network; a server started with --private-webhooks may go there");
        if (Events is [])
            throw new BadInputException($"events: it is empty; {string.Join(", ", Announcement.Events)} are known");
        if (Events?.FirstOrDefault(name => !Announcement.Events.Contains(name)) is { } odd)
            throw new BadInputException($"events: `{odd}` is not known; {string.Join(", ", Announcement.Events)} are");
    }
}

/// <param name="Secret">Signs the messages; shown once.</param>
public sealed record NewWebhook(Webhook Webhook, string Secret);

/// <param name="DeliveryId">How the message is called in the log.</param>
public sealed record TestSent(string DeliveryId);
