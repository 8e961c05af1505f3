using System.Runtime.CompilerServices;
using HilRig.Model;
using HilRig.Model.Runs;
using HilRig.Server.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HilRig.Server.Exports;

/// <summary><c>/api/v1/runs/{runId}/export</c>: a run in the format that another tool reads.</summary>
internal static class ExportsApi
{
    private const int EventsAtOnce = 2000;

    private static readonly Dictionary<string, (string Type, string Extension)> Formats = new(StringComparer.Ordinal)
    {
        ["junit"] = ("application/xml", "junit.xml"),
        ["trx"] = ("application/xml", "trx"),
        ["ctrf"] = ("application/json", "ctrf.json"),
        ["csv"] = ("text/csv", "csv"),
    };

    public static void MapExports(this RouteGroupBuilder api) =>
        api.MapGet("/runs/{runId}/export", ExportAsync).WithSummary("A run as junit, trx, ctrf or csv.")
            .Produces(StatusCodes.Status200OK, contentType: "application/xml", additionalContentTypes: ["application/json", "text/csv"]).ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> ExportAsync(
        string runId, IRunReader reader, CancellationToken cancellationToken, string format = "junit")
    {
        if (!Formats.TryGetValue(format, out var known))
            throw new BadInputException($"format: `{format}` is not known; {string.Join(", ", Formats.Keys)} are");
        if (await reader.FindRunAsync(runId, cancellationToken) is not { } run)
            return Problems.NotFound($"there is no run {runId} that has sent an event");
        var events = ReadAsync(reader, run, cancellationToken);
        if (format == "csv")
            return TypedResults.Stream(output => CsvExport.WriteAsync(output, run, events), known.Type, $"{runId}.{known.Extension}");
        // The totals stand before the cases, so all cycles are folded first; they are small.
        var cycles = await ExportedCycle.FromAsync(events, cancellationToken).ToListAsync(cancellationToken);
        return TypedResults.Stream(
            output => format switch
            {
                "junit" => JUnitExport.WriteAsync(output, run, cycles),
                "trx" => TrxExport.WriteAsync(output, run, cycles),
                _ => CtrfExport.WriteAsync(output, run, cycles),
            },
            known.Type,
            $"{runId}.{known.Extension}");
    }

    /// <summary>The events that the summary speaks of, and none that came since.</summary>
    private static async IAsyncEnumerable<RunEvent> ReadAsync(IRunReader reader, RunSummary run, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var after = 0L;
        while (after < run.LastNumber && await reader.ReadEventsAsync(run.RunId, after, EventsAtOnce, cancellationToken) is { Count: > 0 } events)
        {
            foreach (var runEvent in events.Where(runEvent => runEvent.Number <= run.LastNumber))
                yield return runEvent;
            after = events[^1].Number;
        }
    }
}
