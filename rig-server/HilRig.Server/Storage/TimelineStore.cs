using System.Data.Common;
using Dapper;
using HilRig.Model.Runs;

namespace HilRig.Server.Storage;

/// <summary>What a timeline asks the store: where in a run a moment lies, and many steps as one.</summary>
public sealed class TimelineStore(IDatabase database)
{
    private sealed record Spot(long RunKey, long Position);

    /// <summary>Where a stretch lies in a run: its first and last event. Events that were deleted in their time leave the steps.</summary>
    public async Task<TimelineStretch?> FindAsync(string runId, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        await using var reader = await database.OpenReaderAsync(cancellationToken);
        var spot = await reader.QuerySingleOrDefaultAsync<Spot>(Command("SELECT run_key AS RunKey, position AS Position FROM run WHERE run_id = @runId", new { runId }, cancellationToken));
        if (spot is null)
            return null;
        if (await TimeOfAsync(reader, spot, 1, cancellationToken) is null)
            return new TimelineStretch(spot.RunKey, 1, spot.Position, from, to, HasEvents: false);
        var first = await FirstAtAsync(reader, spot, StoredText.ToNanoseconds(from), cancellationToken);
        var after = await FirstAtAsync(reader, spot, StoredText.ToNanoseconds(to) + 1, cancellationToken);
        return new TimelineStretch(spot.RunKey, first, after - 1, from, to, HasEvents: true);
    }

    /// <summary>The steps of a stretch in at most <paramref name="most"/> groups of neighbours, each with the worst of its verdicts.</summary>
    public async Task<IReadOnlyList<TimelineFold>> FoldAsync(TimelineStretch stretch, int most, CancellationToken cancellationToken)
    {
        await using var reader = await database.OpenReaderAsync(cancellationToken);
        var block = Math.Max(1, (stretch.Last - stretch.First + most) / most);
        var folds = new List<TimelineFold>();
        var end = long.MinValue;
        // In the order of their key; a database that is to group them by their block does not see that they come so, and sorts them.
        await CountedRows.ForEachAsync(
            reader,
            """
            SELECT number, at_ns, CAST(CASE verdict WHEN 'error' THEN 4 WHEN 'aborted' THEN 2 WHEN 'fail' THEN 5 WHEN 'inconclusive' THEN 3 ELSE 1 END AS BIGINT) AS Tone
            FROM step WHERE run_key = @RunKey AND number BETWEEN @First AND @Last AND at_ns BETWEEN @begin AND @end ORDER BY number
            """,
            new { stretch.RunKey, stretch.First, stretch.Last, begin = StoredText.ToNanoseconds(stretch.From), end = StoredText.ToNanoseconds(stretch.To) },
            row => Take(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)),
            cancellationToken);
        return [.. folds.OrderBy(fold => fold.First)];

        void Take(long number, long at, long tone)
        {
            var notPassed = tone > (int)TimelineTone.Stopped ? 1 : 0;
            if (number < end)
            {
                var open = folds[^1];
                folds[^1] = new TimelineFold(Math.Min(open.First, at), Math.Max(open.Last, at), open.Steps + 1, Math.Max(open.Worst, tone), open.NotPassed + notPassed);
                return;
            }
            end = stretch.First + ((number - stretch.First) / block + 1) * block;
            folds.Add(new TimelineFold(at, at, 1, tone, notPassed));
        }
    }

    /// <summary>The event that began the first cycle which did not pass; null where all did.</summary>
    public async Task<long?> FindFailingCycleAsync(long runKey, CancellationToken cancellationToken)
    {
        await using var reader = await database.OpenReaderAsync(cancellationToken);
        return await reader.ExecuteScalarAsync<long?>(Command(
            "SELECT first_number FROM cycle WHERE run_key = @runKey AND verdict NOT IN ('pass', 'not-set', 'aborted') ORDER BY cycle LIMIT 1", new { runKey }, cancellationToken));
    }

    /// <summary>Number of the first event at or after a moment, one behind the last where all are before: halving, by the events' own key.</summary>
    private static async Task<long> FirstAtAsync(DbConnection reader, Spot spot, long at, CancellationToken cancellationToken)
    {
        var (low, high) = (1L, spot.Position + 1);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (await TimeOfAsync(reader, spot, middle, cancellationToken) >= at)
                high = middle;
            else
                low = middle + 1;
        }
        return low;
    }

    private static Task<long?> TimeOfAsync(DbConnection reader, Spot spot, long number, CancellationToken cancellationToken) =>
        reader.ExecuteScalarAsync<long?>(Command("SELECT at_ns FROM event WHERE run_key = @RunKey AND number = @number", new { spot.RunKey, number }, cancellationToken));

    private static CommandDefinition Command(string sql, object parameters, CancellationToken cancellationToken) => new(sql, parameters, cancellationToken: cancellationToken);
}

/// <param name="First">Number of its first event.</param>
/// <param name="Last">Number of its last one; before the first where there is none.</param>
/// <param name="HasEvents">False where they were deleted in their time.</param>
public sealed record TimelineStretch(long RunKey, long First, long Last, DateTimeOffset From, DateTimeOffset To, bool HasEvents)
{
    public long Events => Last - First + 1;
}

/// <param name="First">End of its first step, as stored.</param>
/// <param name="Last">End of its last step.</param>
/// <param name="Worst">A <see cref="TimelineTone"/>.</param>
/// <param name="NotPassed">Steps of it that failed or could not be judged.</param>
public readonly record struct TimelineFold(long First, long Last, long Steps, long Worst, long NotPassed);
