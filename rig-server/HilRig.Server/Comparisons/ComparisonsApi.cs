using HilRig.Model.Comparisons;
using HilRig.Server.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HilRig.Server.Comparisons;

/// <summary><c>/api/v1/compare</c>.</summary>
internal static class ComparisonsApi
{
    public static void MapComparisons(this RouteGroupBuilder api) => api.MapGet("/compare", CompareAsync)
        .WithSummary("Two runs or two releases side by side: rates, their difference, steps' times, and where two runs first went apart.").ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<Ok<Comparison>, ProblemHttpResult>> CompareAsync(IComparisonReader reader, CancellationToken cancellationToken, string a = "", string b = "")
    {
        var answer = await reader.CompareAsync(a, b, cancellationToken);
        return answer.Comparison is { } comparison ? TypedResults.Ok(comparison) : Problems.NotFound(answer.Trouble!);
    }
}
