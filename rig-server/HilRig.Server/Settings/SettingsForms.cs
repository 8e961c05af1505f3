using HilRig.Analysis.SignOff;
using HilRig.Dashboards.Layout;
using HilRig.Model;
using HilRig.Server.Agents;
using HilRig.Server.Api;
using HilRig.Server.Dispatch;
using HilRig.Server.Judging;
using HilRig.Server.Security;
using HilRig.Server.SignOffs;
using HilRig.Server.Storage;
using HilRig.Server.Webhooks;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace HilRig.Server.Settings;

/// <summary>
/// Forms of the pages whose requests of the API are JSON, which no form can send: each does what its endpoint does, and leads back to its page.
/// What is shown once, a code or a secret, is the answer itself. A form is proven to be of our own pages by its antiforgery token.
/// </summary>
internal static class SettingsForms
{
    private const int LargestForm = 64 << 10;

    public static void MapSettingsForms(this WebApplication app)
    {
        var admin = Group(app, Access.Admin);
        admin.MapPost("/settings/people", SavePersonAsync);
        admin.MapPost("/settings/people/remove", RemovePersonAsync);
        admin.MapPost("/settings/agents", InviteAsync);
        admin.MapPost("/settings/tokens", IssueAsync);
        admin.MapPost("/settings/tokens/revoke", RevokeAsync);
        admin.MapPost("/settings/webhooks", AddWebhookAsync);
        admin.MapPost("/settings/webhooks/remove", RemoveWebhookAsync);
        admin.MapPost("/settings/webhooks/test", TestWebhookAsync);
        var operators = Group(app, Access.Operator);
        operators.MapPost("/places/{place}/pause", PauseAsync);
        operators.MapPost("/places/{place}/resume", ResumeAsync);
        Group(app, Access.Qa).MapPost("/releases/plan", RegisterAsync);
    }

    private static RouteGroupBuilder Group(WebApplication app, string role)
    {
        var group = app.MapGroup("").RequireAuthorization(role).WithMetadata(new RequestSizeLimitAttribute(LargestForm));
        group.ExcludeFromDescription();
        return group;
    }

    private static async Task<RedirectHttpResult> SavePersonAsync(
        HttpContext context, PersonStore people, TokenStore tokens, CancellationToken cancellationToken, [FromForm] string name = "", [FromForm] string role = "", [FromForm] string password = "")
    {
        await AccountsApi.SavePersonAsync(name, new PersonRequest(QueryWord.Of<Role>("role", role)!.Value, password.Length == 0 ? null : password), context, people, tokens, cancellationToken);
        return TypedResults.LocalRedirect("~/settings#people");
    }

    private static async Task<RedirectHttpResult> RemovePersonAsync(
        HttpContext context, PersonStore people, TokenStore tokens, CancellationToken cancellationToken, [FromForm] string name = "") =>
        Back(await AccountsApi.RemovePersonAsync(name, context, people, tokens, cancellationToken), "~/settings#people");

    private static async Task<RazorComponentResult<OnceDocument>> InviteAsync(HttpContext context, TokenStore tokens, CancellationToken cancellationToken, [FromForm] string agent = "")
    {
        var invitation = (await AccountsApi.InviteAsync(new InviteRequest(agent), context, tokens, cancellationToken)).Value!;
        return Once($"The code of agent {invitation.Agent}", invitation.Code, $"On its machine, within an hour, once: ./rig agent enrol {invitation.Code} --server {context.Request.Scheme}://{context.Request.Host}");
    }

    private static async Task<RazorComponentResult<OnceDocument>> IssueAsync(
        HttpContext context, PersonStore people, TokenStore tokens, CancellationToken cancellationToken, [FromForm] string name = "", [FromForm] string role = "", [FromForm] string days = "")
    {
        var request = new TokenRequest(name, QueryWord.Of<Role>("role", role)!.Value, days.Length == 0 ? null : int.TryParse(days, out var good) ? good : 0);
        var secrets = (await AccountsApi.IssueAsync(request, context, people, tokens, cancellationToken)).Value!;
        return Once($"The token of {name}", secrets.Token, "A request carries it as: Authorization: Bearer hr_…");
    }

    private static async Task<RedirectHttpResult> RevokeAsync(
        HttpContext context, TokenStore tokens, AgentRegistry agents, CancellationToken cancellationToken, [FromForm] string id = "") =>
        Back(await AccountsApi.RevokeAsync(id, context, tokens, agents, cancellationToken), "~/settings#tokens");

    private static async Task<RazorComponentResult<OnceDocument>> AddWebhookAsync(
        HttpContext context, WebhookStore webhooks, FlagBook flags, ServerOptions options, CancellationToken cancellationToken, [FromForm] string url = "")
    {
        var added = (await WebhooksApi.AddAsync(new WebhookRequest(url, [.. context.Request.Form["events"].OfType<string>()]), context, webhooks, flags, options, cancellationToken)).Value!;
        return Once($"The secret of webhook {added.Webhook.Id}", added.Secret, "Its receiver checks the header HilRig-Signature with it; docs/operating.md says how.");
    }

    private static async Task<RedirectHttpResult> RemoveWebhookAsync(HttpContext context, WebhookStore webhooks, CancellationToken cancellationToken, [FromForm] string id = "") =>
        Back(await WebhooksApi.RemoveAsync(id, context, webhooks, cancellationToken), "~/settings#webhooks");

    private static async Task<RedirectHttpResult> TestWebhookAsync(HttpContext context, WebhookStore webhooks, CancellationToken cancellationToken, [FromForm] string id = "") =>
        Back(await WebhooksApi.TestAsync(id, context, webhooks, cancellationToken), $"~/settings/webhooks/{Uri.EscapeDataString(id)}");

    private static async Task<RedirectHttpResult> PauseAsync(
        string place, HttpContext context, PauseStore pauses, Dispatcher dispatcher, CancellationToken cancellationToken, [FromForm] string because = "")
    {
        await PlacesApi.PauseAsync(place, new PauseRequest(because), context, pauses, dispatcher, cancellationToken);
        return TypedResults.LocalRedirect($"~/places/{place}");
    }

    /// <summary>It takes no field; the parameter is what asks for the antiforgery token.</summary>
    private static async Task<RedirectHttpResult> ResumeAsync(
        string place, HttpContext context, PauseStore pauses, Dispatcher dispatcher, CancellationToken cancellationToken, [FromForm] string? unused = null)
    {
        await PlacesApi.ResumeAsync(place, context, pauses, dispatcher, cancellationToken);
        return TypedResults.LocalRedirect($"~/places/{place}");
    }

    private static async Task<RedirectHttpResult> RegisterAsync(HttpContext context, SignOffStore store, CancellationToken cancellationToken, [FromForm] string plan = "")
    {
        var signOff = await store.RegisterAsync(SignOffPlan.Parse("plan", plan), Access.NameOf(context.User), cancellationToken);
        return TypedResults.LocalRedirect($"~/releases/{Uri.EscapeDataString(signOff.Plan.Release)}");
    }

    private static RedirectHttpResult Back(INestedHttpResult outcome, string page) =>
        outcome.Result is ProblemHttpResult problem ? throw new BadInputException(problem.ProblemDetails.Detail!) : TypedResults.LocalRedirect(page);

    private static RazorComponentResult<OnceDocument> Once(string what, string secret, string next) => new(new { What = what, Secret = secret, Next = next });
}
