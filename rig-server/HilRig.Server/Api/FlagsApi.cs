using HilRig.Model;
using HilRig.Model.Flags;
using HilRig.Model.Runs;
using HilRig.Server.Operations;
using HilRig.Server.Security;
using HilRig.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace HilRig.Server.Api;

/// <summary>Flags, the releases that they are of, and the artifacts behind them.</summary>
internal static class FlagsApi
{
    public static void MapFlags(this RouteGroupBuilder api)
    {
        api.MapGet("/releases", ListReleasesAsync).WithSummary("Releases that ran, with their cycles and flags, the last one to run first.");
        api.MapGet("/flags", ListFlagsAsync).WithSummary("All claims of the analysis, gravest first.");
        api.MapGet("/flags/{flagId}", FindFlagAsync).WithSummary("One claim.").ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/flags/{flagId}/failures", FindFailuresAsync).WithSummary("The newest failing steps behind a claim, with their evidence.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/doctor", (ServerDoctor doctor, CancellationToken cancellationToken) => doctor.CheckAsync(cancellationToken)).WithSummary("What would spoil a night on the server's side, with its remedy.");
        api.MapGet("/investigations", ListInvestigationsAsync).WithSummary("What the server found out about flags by itself.");
        api.MapPut("/artifacts/{digest}", SaveArtifactAsync).WithSummary("Stores a file under its SHA-256; once more changes nothing.").RequireAuthorization(Access.Agent)
            .WithMetadata(new RequestSizeLimitAttribute(ArtifactStore.Largest)).ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status507InsufficientStorage);
        api.MapGet("/artifacts/{digest}", ReadArtifactAsync).WithSummary("A stored file by its SHA-256.").RequireAuthorization(Access.ViewerOrAgent)
            .Produces(StatusCodes.Status200OK, contentType: "application/octet-stream").ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<Ok<IReadOnlyList<ReleaseSummary>>> ListReleasesAsync(HttpContext context, IRunReader reader, CancellationToken cancellationToken, string? cursor = null, int limit = NextPage.MostOnPage) =>
        NextPage.Of(context, await reader.ListReleasesAsync(cancellationToken), cursor, limit, release => release.Release);

    private static async Task<Ok<IReadOnlyList<InvestigationReport>>> ListInvestigationsAsync(HttpContext context, IRunReader reader, CancellationToken cancellationToken, string? cursor = null, int limit = NextPage.MostOnPage) =>
        NextPage.Of(context, await reader.ListInvestigationsAsync(cancellationToken), cursor, limit, report => report.FlagId);

    private static async Task<Ok<IReadOnlyList<Flag>>> ListFlagsAsync(HttpContext context, IRunReader reader, CancellationToken cancellationToken, string? cursor = null, int limit = NextPage.MostOnPage) =>
        NextPage.Of(context, await reader.ListFlagsAsync(cancellationToken), cursor, limit, flag => flag.Id);

    private static async Task<Results<Ok<Flag>, ProblemHttpResult>> FindFlagAsync(
        string flagId, IRunReader reader, CancellationToken cancellationToken) =>
        await FindAsync(flagId, reader, cancellationToken) is { } flag ? TypedResults.Ok(flag) : NoFlag(flagId);

    private static async Task<Results<Ok<IReadOnlyList<RunEvent>>, ProblemHttpResult>> FindFailuresAsync(
        string flagId, IRunReader reader, CancellationToken cancellationToken, int limit = 10) =>
        await FindAsync(flagId, reader, cancellationToken) is { } flag
            ? TypedResults.Ok(await reader.FindFailuresAsync(flag, Math.Clamp(limit, 1, 100), cancellationToken))
            : NoFlag(flagId);

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> ReadArtifactAsync(
        string digest, ArtifactStore artifacts, CancellationToken cancellationToken) =>
        await artifacts.ReadAsync(digest, cancellationToken) is { } content
            ? TypedResults.File(content, "application/octet-stream", digest)
            : Problems.NotFound($"there is no artifact {digest}");

    private static async Task<Results<NoContent, ProblemHttpResult>> SaveArtifactAsync(
        string digest, HttpRequest request, DiskRoom room, ArtifactStore artifacts, CancellationToken cancellationToken)
    {
        if (!ArtifactStore.IsDigest(digest))
            throw new BadInputException($"digest: `{digest}` is no SHA-256; 64 lower-case hex digits are");
        if (request.ContentType != "application/octet-stream")
            return TypedResults.Problem($"the body is `{request.ContentType}`; a file is sent as application/octet-stream", statusCode: StatusCodes.Status415UnsupportedMediaType);
        if (artifacts.Contains(digest))
            return TypedResults.NoContent();
        if (room.Shortage is { } shortage)
            return Problems.NoRoom(shortage);
        await artifacts.SaveAsync(digest, request.Body, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Flag?> FindAsync(string flagId, IRunReader reader, CancellationToken cancellationToken) =>
        (await reader.ListFlagsAsync(cancellationToken)).FirstOrDefault(flag => flag.Id == flagId);

    private static ProblemHttpResult NoFlag(string flagId) => Problems.NotFound($"there is no flag {flagId}");
}
