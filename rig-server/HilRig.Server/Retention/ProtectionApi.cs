using System.Text.Json.Serialization;
using HilRig.Model;
using HilRig.Server.Api;
using HilRig.Server.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HilRig.Server.Retention;

/// <summary>Protection of runs: what a sign-off rests on is never deleted.</summary>
internal static class ProtectionApi
{
    private const int LongestReason = 200;

    public static void MapProtection(this RouteGroupBuilder api)
    {
        api.MapGet("/runs/{runId}/protection", FindAsync).WithSummary("Who protects a run from deletion, and why.");
        api.MapPut("/runs/{runId}/protection", ProtectAsync).WithSummary("Protects a run from deletion.").RequireAuthorization(Access.Qa)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        api.MapDelete("/runs/{runId}/protection", ReleaseAsync).WithSummary("Ends the protection of a run.").RequireAuthorization(Access.Qa)
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<Ok<Protection>> FindAsync(string runId, RetentionStore store, CancellationToken cancellationToken) =>
        TypedResults.Ok(new Protection(await store.FindProtectionAsync(runId, cancellationToken)));

    private static async Task<Results<NoContent, ProblemHttpResult>> ProtectAsync(
        string runId, ProtectRequest request, HttpContext context, RetentionStore store, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(request.Because) || request.Because.Length > LongestReason)
            throw new BadInputException($"because: say why, in 1 to {LongestReason} characters");
        return await store.ProtectAsync(runId, request.Because.Trim(), Access.NameOf(context.User), cancellationToken) ? TypedResults.NoContent() : NoRun(runId);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> ReleaseAsync(string runId, HttpContext context, RetentionStore store, CancellationToken cancellationToken) =>
        await store.ReleaseAsync(runId, Access.NameOf(context.User), cancellationToken) ? TypedResults.NoContent() : NoRun(runId);

    private static ProblemHttpResult NoRun(string runId) => Problems.NotFound($"there is no run {runId} that has sent an event");
}

/// <param name="Because">Null for a run that nobody protects.</param>
public sealed record Protection(string? Because);

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ProtectRequest(string Because);
