using HilRig.Model.Nights;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HilRig.Server.Nights;

/// <summary><c>/api/v1/night</c>.</summary>
internal static class NightsApi
{
    public static void MapNights(this RouteGroupBuilder api) => api.MapGet("/night", ReadAsync)
        .WithSummary("What a night came to: what ran, new and changed flags, boards that need hands, time lost to the rig, goals. From noon to noon; the last one without a date.")
        .ProducesProblem(StatusCodes.Status400BadRequest);

    private static async Task<Ok<NightReport>> ReadAsync(INightReader nights, TimeProvider time, CancellationToken cancellationToken, string? date = null, string? zone = null) =>
        TypedResults.Ok(await nights.ReadNightAsync(Night.Parse(date, zone, time.GetUtcNow(), time.LocalTimeZone), cancellationToken));
}
