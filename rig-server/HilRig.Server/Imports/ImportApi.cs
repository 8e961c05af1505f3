using System.Security.Cryptography;
using System.Text;
using HilRig.Analysis.History;
using HilRig.Model;
using HilRig.Model.Rig;
using HilRig.Server.Api;
using HilRig.Server.Operations;
using HilRig.Server.Security;
using HilRig.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace HilRig.Server.Imports;

/// <summary><c>POST /api/v1/import</c>: a history file becomes runs, and its flags show with all others.</summary>
internal static class ImportApi
{
    private const int Largest = 64 << 20;
    private const int EventsAtOnce = 1000;
    private const string Csv = "text/csv";

    public static void MapImport(this RouteGroupBuilder api) =>
        api.MapPost("/import", ImportAsync).WithSummary("Stores the runs of a history file; once more changes nothing.").RequireAuthorization(Access.Qa)
            .WithMetadata(new RequestSizeLimitAttribute(Largest)).Accepts<Stream>(Csv)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status415UnsupportedMediaType).ProducesProblem(StatusCodes.Status507InsufficientStorage);

    private static async Task<Results<Ok<Imported>, ProblemHttpResult>> ImportAsync(
        HttpContext context, DiskRoom room, IngestWriter ingest, IDatabase database, TimeProvider time, CancellationToken cancellationToken,
        [FromQuery] string name = "history.csv", [FromQuery] DateTimeOffset? begins = null)
    {
        if (context.Request.GetTypedHeaders().ContentType?.MediaType.Value is not Csv)
            return TypedResults.Problem($"the body is `{context.Request.ContentType}`; a history is sent as {Csv}", statusCode: StatusCodes.Status415UnsupportedMediaType);
        if (room.Refusal is { } refusal)
            return Problems.NoRoom(refusal);
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, cancellationToken);
        var digest = Convert.ToHexStringLower(SHA256.HashData(body.GetBuffer().AsSpan(0, (int)body.Length)));
        body.Position = 0;
        using var text = new StreamReader(body, new UTF8Encoding(false, throwOnInvalidBytes: true));
        var rows = Read(text, name);
        var nights = rows.Max(row => row.Night) - rows.Min(row => row.Night);
        var now = time.GetUtcNow();
        // Before the first event, which another transaction stores: nothing comes in that nobody is named for.
        await database.WriteAsync(
            async transaction =>
            {
                await Audit.WriteAsync(transaction, now, Access.NameOf(context.User), "import history", digest, $"{name}, {rows.Count} steps");
                return 0;
            },
            cancellationToken);
        var imported = await StoreAsync(HistoryRuns.From(rows, digest, begins ?? now.AddDays(-nights - 1)), ingest, cancellationToken);
        return TypedResults.Ok(imported with { Steps = rows.Count });
    }

    private static IReadOnlyList<HistoryRow> Read(StreamReader text, string name)
    {
        try
        {
            return HistoryFile.Read(text, name);
        }
        catch (DecoderFallbackException exception)
        {
            throw new BadInputException($"{name}: it is no text in UTF-8 ({exception.Message})");
        }
    }

    private static async Task<Imported> StoreAsync(IEnumerable<IReadOnlyList<Model.Runs.RunEvent>> histories, IngestWriter ingest, CancellationToken cancellationToken)
    {
        var (runs, stored) = (0, 0L);
        foreach (var events in histories)
        {
            foreach (var chunk in events.Chunk(EventsAtOnce))
            {
                var result = await ingest.AppendAsync(new EventBatch(chunk[0].RunId, 0, chunk), cancellationToken);
                stored += result.Position - result.From;
            }
            runs++;
        }
        return new Imported(runs, 0, stored);
    }
}

/// <param name="Runs">Runs that the file tells of.</param>
/// <param name="Steps">Its rows.</param>
/// <param name="Stored">Events that were not there before.</param>
public sealed record Imported(int Runs, int Steps, long Stored);
