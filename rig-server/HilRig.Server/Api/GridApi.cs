using System.Globalization;
using System.Text;
using HilRig.Model;
using HilRig.Model.Runs;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HilRig.Server.Api;

/// <summary><c>/api/v1/grid</c>: results by night or by cycle.</summary>
internal static class GridApi
{
    public static void MapGrid(this RouteGroupBuilder api)
    {
        api.MapGet("/grid", ReadAsync).WithSummary("Results by sequence, place, release or run, and by night or cycle.").ProducesProblem(StatusCodes.Status400BadRequest);
        api.MapGet("/grid.csv", ReadCsvAsync).WithSummary("The same as CSV, a row for each cell in which something ran.").Produces(StatusCodes.Status200OK, contentType: "text/csv").ProducesProblem(StatusCodes.Status400BadRequest);
    }

    private static async Task<Ok<ResultGrid>> ReadAsync(
        IRunReader reader, CancellationToken cancellationToken, string? lines = null, int nights = 60, string? until = null, string? sequence = null, string? release = null, string? place = null) =>
        TypedResults.Ok(await reader.ReadGridAsync(QueryOf(lines, nights, until, sequence, release, place), cancellationToken));

    private static async Task<FileContentHttpResult> ReadCsvAsync(
        IRunReader reader, CancellationToken cancellationToken, string? lines = null, int nights = 60, string? until = null, string? sequence = null, string? release = null, string? place = null)
    {
        var grid = await reader.ReadGridAsync(QueryOf(lines, nights, until, sequence, release, place), cancellationToken);
        var text = new StringBuilder("line,column,runs,cycles,failed,other\n");
        foreach (var line in grid.Lines)
        {
            foreach (var cell in line.Cells)
                text.Append(CultureInfo.InvariantCulture, $"{Quoted(line.Name)},{grid.NameOf(cell.Column)},{cell.Runs},{cell.Cycles},{cell.Failed},{cell.Other}\n");
        }
        return TypedResults.File(Encoding.UTF8.GetBytes(text.ToString()), "text/csv; charset=utf-8", "grid.csv");
    }

    private static GridQuery QueryOf(string? lines, int nights, string? until, string? sequence, string? release, string? place) => new(
        QueryWord.Of<GridLines>("lines", lines) ?? GridLines.Sequence,
        until is null ? null : DateOnly.TryParseExact(until, "yyyy-MM-dd", out var day) ? day : throw new BadInputException($"until: `{until}` is no day; write it as 2026-11-29"),
        nights is >= 1 and <= GridQuery.MostColumns ? nights : throw new BadInputException($"nights: {nights} is not between 1 and {GridQuery.MostColumns}"),
        sequence, release, place);

    private static string Quoted(string text) => text.AsSpan().IndexOfAny(",\"\n\r") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
