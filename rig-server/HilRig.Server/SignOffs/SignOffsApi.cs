using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using HilRig.Analysis.SignOff;
using HilRig.Model;
using HilRig.Model.SignOffs;
using HilRig.Server.Api;
using HilRig.Server.Security;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace HilRig.Server.SignOffs;

/// <summary><c>/api/v1/sign-offs</c>.</summary>
internal static class SignOffsApi
{
    private const int LargestPlan = 64 << 10;

    public static void MapSignOffs(this RouteGroupBuilder api)
    {
        api.MapGet("/sign-offs", ListAsync).WithSummary("Sign-offs with their live bound and what is missing, newest first.");
        api.MapGet("/sign-offs/{signOffId}", FindAsync).WithSummary("A sign-off with its live bound and what is missing.").ProducesProblem(StatusCodes.Status404NotFound);
        api.MapPost("/sign-offs", RegisterAsync).WithSummary("Fixes the plan of a release's sign-off; after the first sample it cannot change.").RequireAuthorization(Access.Qa)
            .WithMetadata(new RequestSizeLimitAttribute(LargestPlan)).ProducesProblem(StatusCodes.Status400BadRequest);
        api.MapPost("/sign-offs/{signOffId}/approvals", ApproveAsync).WithSummary("Gives one's word for a sign-off's contents as they are; two people's are needed.").RequireAuthorization(Access.Qa)
            .AddEndpointFilter(FormProof.RequireAsync).ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/sign-offs/{signOffId}/dossier", PackAsync).WithSummary("The dossier: plan, events, figures, page and approvals in a zip that `hilrig verify` recomputes.")
            .Produces(StatusCodes.Status200OK, contentType: "application/zip").ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/sign-offs/{signOffId}/dossier.html", ReadPageAsync).WithSummary("The dossier's page, to read and print.")
            .Produces(StatusCodes.Status200OK, contentType: "text/html").ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<Ok<IReadOnlyList<SignOffView>>> ListAsync(HttpContext context, ISignOffReader reader, CancellationToken cancellationToken, string? cursor = null, int limit = NextPage.MostOnPage) =>
        NextPage.Of(context, await reader.ListSignOffsAsync(cancellationToken), cursor, limit, signOff => signOff.Id);

    private static async Task<Results<Ok<SignOffView>, ProblemHttpResult>> FindAsync(string signOffId, SignOffStore store, ISignOffReader reader, CancellationToken cancellationToken) =>
        await store.FindAsync(signOffId, cancellationToken) is { } signOff ? TypedResults.Ok((await reader.FindSignOffAsync(signOff.Plan.Release, cancellationToken))!) : NoSignOff(signOffId);

    private static async Task<Created<SignOffView>> RegisterAsync(SignOffRequest request, HttpContext context, SignOffStore store, ISignOffReader reader, CancellationToken cancellationToken)
    {
        var signOff = await store.RegisterAsync(SignOffPlan.Parse("plan", request.Plan), Access.NameOf(context.User), cancellationToken);
        return TypedResults.Created($"/api/v1/sign-offs/{signOff.Id}", (await reader.FindSignOffAsync(signOff.Plan.Release, cancellationToken))!);
    }

    private static async Task<Results<Ok<SignOffView>, RedirectHttpResult, ProblemHttpResult>> ApproveAsync(
        string signOffId, HttpContext context, SignOffStore store, SignOffDesk desk, PersonStore people, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(signOffId, cancellationToken) is not { } signOff)
            return NoSignOff(signOffId);
        await RequirePersonAsync(context, people, cancellationToken);
        var view = await desk.ApproveAsync(signOff, Access.NameOf(context.User), cancellationToken);
        return context.Request.HasFormContentType ? TypedResults.LocalRedirect($"~/releases/{Uri.EscapeDataString(view.Release)}") : TypedResults.Ok(view);
    }

    /// <summary>A machine's token has a name that its maker chose; a word is a person's.</summary>
    private static async Task RequirePersonAsync(HttpContext context, PersonStore people, CancellationToken cancellationToken)
    {
        if (Access.IsLocal(context.User))
            throw new BadInputException("this server has no accounts, so that it cannot tell two people apart; add an admin first: ./rig people add NAME --role admin");
        if (context.User.Identity?.AuthenticationType != CookieAuthenticationDefaults.AuthenticationScheme && await people.FindAsync(Access.NameOf(context.User), cancellationToken) is null)
            throw new BadInputException($"{Access.NameOf(context.User)} is a machine's token; a sign-off wants a person's word: sign in at /login, or with `login` of the command line");
    }

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> PackAsync(string signOffId, SignOffStore store, SignOffDesk desk, CancellationToken cancellationToken) =>
        await store.FindAsync(signOffId, cancellationToken) is { } signOff
            ? TypedResults.File(await desk.PackAsync(signOff, cancellationToken), "application/zip", $"dossier-{signOff.Id}.zip")
            : NoSignOff(signOffId);

    private static async Task<Results<ContentHttpResult, ProblemHttpResult>> ReadPageAsync(string signOffId, HttpContext context, SignOffStore store, SignOffDesk desk, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(signOffId, cancellationToken) is not { } signOff)
            return NoSignOff(signOffId);
        var page = await desk.ReadPageAsync(signOff, cancellationToken);
        // It needs nothing outside itself, so its style stands inside; only that text of it is let through.
        var style = page[(page.IndexOf("<style>", StringComparison.Ordinal) + "<style>".Length)..page.IndexOf("</style>", StringComparison.Ordinal)];
        context.Response.Headers.ContentSecurityPolicy = $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)))}'; base-uri 'none'; frame-ancestors 'none'";
        return TypedResults.Content(page, "text/html; charset=utf-8");
    }

    private static ProblemHttpResult NoSignOff(string signOffId) => Problems.NotFound($"there is no sign-off {signOffId}");
}

/// <param name="Plan">The plan's file (YAML), as docs/sign-off.md describes it.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record SignOffRequest(string Plan);
