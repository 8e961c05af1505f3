using System.Text.Json.Serialization;
using HilRig.Model;
using HilRig.Model.Runs;
using HilRig.Server.Dispatch;
using HilRig.Server.Security;
using HilRig.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HilRig.Server.Api;

/// <summary>Places, and their pause: of one by its name, of all by <c>*</c>.</summary>
internal static class PlacesApi
{
    private const int LongestReason = 200;

    public static void MapPlaces(this RouteGroupBuilder api)
    {
        api.MapGet("/places", ListAsync).WithSummary("Places known from agents, with what they do, by name.");
        api.MapPost("/places/{place}/pause", PauseAsync).WithSummary("Gives a place no new run, or with `*` none; what runs goes on.").RequireAuthorization(Access.Operator)
            .ProducesProblem(StatusCodes.Status400BadRequest);
        api.MapPost("/places/{place}/resume", ResumeAsync).WithSummary("Ends the pause of a place, or with `*` that of all.").RequireAuthorization(Access.Operator)
            .ProducesProblem(StatusCodes.Status400BadRequest);
    }

    private static async Task<Ok<IReadOnlyList<PlaceState>>> ListAsync(HttpContext context, IRunReader reader, CancellationToken cancellationToken, string? cursor = null, int limit = NextPage.MostOnPage) =>
        NextPage.Of(context, await reader.ListPlacesAsync(cancellationToken), cursor, limit, place => place.Name);

    internal static async Task<NoContent> PauseAsync(
        string place, PauseRequest request, HttpContext context, PauseStore pauses, Dispatcher dispatcher, CancellationToken cancellationToken)
    {
        CheckName(place);
        if (string.IsNullOrWhiteSpace(request.Because) || request.Because.Length > LongestReason)
            throw new BadInputException($"because: say why, in 1 to {LongestReason} characters; the next person asks");
        await pauses.PauseAsync(place, request.Because.Trim(), Access.NameOf(context.User), cancellationToken);
        await dispatcher.FillAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    internal static async Task<NoContent> ResumeAsync(string place, HttpContext context, PauseStore pauses, Dispatcher dispatcher, CancellationToken cancellationToken)
    {
        CheckName(place);
        await pauses.ResumeAsync(place, Access.NameOf(context.User), cancellationToken);
        await dispatcher.FillAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    private static void CheckName(string place)
    {
        if (place != PauseStore.All && !PlaceName.IsValid(place))
            throw new BadInputException($"place: `{place}` is no place; {PlaceName.Rule}, or `*` for all");
    }
}

/// <param name="Because">Shown to everybody whose run waits.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record PauseRequest(string Because);
