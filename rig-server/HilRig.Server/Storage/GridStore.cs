using System.Data.Common;
using Dapper;
using HilRig.Analysis.Rates;
using HilRig.Model.Flags;
using HilRig.Model.Runs;

namespace HilRig.Server.Storage;

/// <summary>Counts by night and by cycle, for pictures: what comes out is no more than a screen shows.</summary>
public sealed class GridStore(IDatabase database)
{
    private const long NanosecondsInDay = 86_400L * 1_000_000_000;
    private const string Ran = "FROM tally t JOIN run r ON r.run_key = t.run_key WHERE t.release = @release AND t.sequence = @sequence AND r.revision = @revision";
    private const string KeysOf =
        "SELECT fingerprint_key FROM fingerprint WHERE release = @release AND sequence = @sequence AND revision = @revision AND step = @Step AND operation = @Operation AND code = @Code";
    private static readonly TimeOnly Noon = new(12, 0);

    private sealed record CountRow(string Line, long Column, long Runs, long Cycles, long Failed, long Other);

    private sealed record RunRow(long RunKey, string RunId, long Cycles);

    private sealed record NightRow(long Night, long Count);

    public async Task<ResultGrid> ReadAsync(GridQuery query, CancellationToken cancellationToken) =>
        query.Lines is GridLines.Run ? await ReadCyclesAsync(query, cancellationToken) : await ReadNightsAsync(query, cancellationToken);

    /// <summary>A failure night by night, up to the last one in which its revision of the sequence ran.</summary>
    public async Task<IReadOnlyList<FailureNight>> ReadHistoryAsync(Flag flag, int nights, CancellationToken cancellationToken)
    {
        await using var reader = await database.OpenReaderAsync(cancellationToken);
        var of = new { release = StoredText.ToColumn(flag.Release), sequence = StoredText.ToColumn(flag.Sequence), revision = StoredText.ToColumn(flag.Revision), flag.Fingerprint.Step, flag.Fingerprint.Operation, flag.Fingerprint.Code };
        var last = await reader.ExecuteScalarAsync<long?>(Command($"SELECT t.started_ns {Ran} ORDER BY t.started_ns DESC LIMIT 1", of, cancellationToken));
        if (last is null)
            return [];
        var first = StartOf(NightOf(last.Value).AddDays(1 - nights));
        var ran = await CountedRows.ReadAsync(
            reader, $"SELECT (t.started_ns - @first) / {NanosecondsInDay} AS Night, CAST(sum(t.cycles) AS BIGINT) AS Count {Ran} AND t.started_ns >= @first GROUP BY 1 ORDER BY 1",
            new { first, of.release, of.sequence, of.revision }, NightOf, cancellationToken);
        var failed = new List<NightRow>();
        // One key at a time: in a join PostgreSQL would go through the failures of all keys, as long as the history is.
        foreach (var key in await reader.QueryAsync<long>(Command(KeysOf, of, cancellationToken)))
        {
            failed.AddRange(await CountedRows.ReadAsync(
                reader,
                $"""
                SELECT (r.started_ns - @first) / {NanosecondsInDay} AS Night, count(*) AS Count
                FROM step s JOIN run r ON r.run_key = s.run_key WHERE s.fingerprint_key = @key AND s.at_ns >= @first AND r.started_ns >= @first GROUP BY 1
                """,
                new { first, key }, NightOf, cancellationToken));
        }
        var failures = failed.ToLookup(row => row.Night, row => row.Count);
        return [.. ran.Select(row => new FailureNight(NightOf(first).AddDays((int)row.Night), RateOf(failures[row.Night].Sum(), row.Count)))];
    }

    /// <summary>The runs of one cell, the newest first.</summary>
    public async Task<IReadOnlyList<string>> ListRunIdsAsync(GridQuery query, string line, DateOnly night, int limit, CancellationToken cancellationToken)
    {
        await using var reader = await database.OpenReaderAsync(cancellationToken);
        return (await reader.QueryAsync<string>(Command(
            $"""
            SELECT r.run_id FROM tally t JOIN run r ON r.run_key = t.run_key
            WHERE t.started_ns >= @first AND t.started_ns < @end AND t.{LineOf(query.Lines)} = @line{FilterOf(query, "t.")} ORDER BY t.started_ns DESC LIMIT @limit
            """,
            new { first = StartOf(night), end = StartOf(night.AddDays(1)), line, query.Sequence, query.Release, query.Place, limit }, cancellationToken))).AsList();
    }

    private async Task<ResultGrid> ReadNightsAsync(GridQuery query, CancellationToken cancellationToken)
    {
        await using var reader = await database.OpenReaderAsync(cancellationToken);
        var last = query.Until ?? (await reader.ExecuteScalarAsync<long?>(Command("SELECT max(started_ns) FROM tally", new { }, cancellationToken)) is { } newest ? NightOf(newest) : null);
        var columns = Math.Clamp(query.Nights, 1, GridQuery.MostColumns);
        if (last is null)
            return new ResultGrid([], 0, 0, [], IsCut: false);
        var first = last.Value.AddDays(1 - columns);
        var lines = new Dictionary<string, GridCell?[]>(StringComparer.Ordinal);
        // Added up here: a cell has few runs, and the database would sort all of them first.
        await CountedRows.ForEachAsync(
            reader,
            $"""
            SELECT {LineOf(query.Lines)} AS Line, (started_ns - @first) / {NanosecondsInDay} AS "Column", cycles AS Cycles, failed AS Failed, other AS Other
            FROM tally WHERE started_ns >= @first AND started_ns < @end{FilterOf(query)}
            """,
            new { first = StartOf(first), end = StartOf(last.Value.AddDays(1)), query.Sequence, query.Release, query.Place },
            row => Add(row.GetString(0), (int)row.GetInt64(1), (int)row.GetInt64(2), (int)row.GetInt64(3), (int)row.GetInt64(4)),
            cancellationToken);
        return new ResultGrid(
            [.. Enumerable.Range(0, columns).Select(first.AddDays)], columns, 0,
            [.. lines.OrderBy(line => line.Key, StringComparer.Ordinal).Take(GridQuery.MostLines).Select(line => new GridLine(line.Key, [.. line.Value.OfType<GridCell>()]))],
            lines.Count > GridQuery.MostLines);

        void Add(string line, int column, int cycles, int failed, int other)
        {
            if (!lines.TryGetValue(line, out var cells))
                lines[line] = cells = new GridCell?[columns];
            cells[column] = cells[column] is { } so
                ? new GridCell(column, so.Runs + 1, so.Cycles + cycles, so.Failed + failed, so.Other + other)
                : new GridCell(column, 1, cycles, failed, other);
        }
    }

    private async Task<ResultGrid> ReadCyclesAsync(GridQuery query, CancellationToken cancellationToken)
    {
        await using var reader = await database.OpenReaderAsync(cancellationToken);
        var end = query.Until is { } until ? StartOf(until.AddDays(1)) : long.MaxValue;
        var runs = await CountedRows.ReadAsync(
            reader,
            $"""
            SELECT t.run_key AS RunKey, r.run_id AS RunId, (SELECT coalesce(max(c.cycle), 0) FROM cycle c WHERE c.run_key = t.run_key) AS Cycles
            FROM tally t JOIN run r ON r.run_key = t.run_key WHERE t.started_ns < @end{FilterOf(query, "t.")} ORDER BY t.started_ns DESC, t.run_key DESC LIMIT {GridQuery.MostLines + 1}
            """,
            new { end, query.Sequence, query.Release, query.Place }, row => new RunRow(row.GetInt64(0), row.GetString(1), row.GetInt64(2)), cancellationToken);
        var most = runs.Count == 0 ? 0 : runs.Max(run => run.Cycles);
        var width = Math.Max(1, (most + GridQuery.MostColumns - 1) / GridQuery.MostColumns);
        var lines = new List<GridLine>();
        foreach (var run in runs.Take(GridQuery.MostLines))
        {
            lines.Add(ToLine(run.RunId, await CountedRows.ReadAsync(
                reader,
                """
                SELECT '' AS Line, (cycle - 1) / @width AS "Column", CAST(1 AS BIGINT) AS Runs, count(*) AS Cycles,
                       CAST(sum(CASE verdict WHEN 'fail' THEN 1 ELSE 0 END) AS BIGINT) AS Failed,
                       CAST(sum(CASE WHEN verdict IN ('pass', 'fail', 'not-set') THEN 0 ELSE 1 END) AS BIGINT) AS Other
                FROM cycle WHERE run_key = @RunKey GROUP BY 2
                """,
                new { run.RunKey, width }, CountOf, cancellationToken)));
        }
        return new ResultGrid([], (int)((most + width - 1) / width), (int)width, lines, runs.Count > GridQuery.MostLines);
    }

    /// <summary>A step may fail so twice in a cycle, or in one that has not ended.</summary>
    private static Rate RateOf(long failures, long cycles) => Wilson.Rate((int)Math.Min(failures, cycles), (int)cycles);

    private static NightRow NightOf(DbDataReader row) => new(row.GetInt64(0), row.GetInt64(1));

    private static CountRow CountOf(DbDataReader row) => new(row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5));

    private static GridLine ToLine(string name, IEnumerable<CountRow> rows) =>
        new(name, [.. rows.OrderBy(row => row.Column).Select(row => new GridCell((int)row.Column, (int)row.Runs, (int)row.Cycles, (int)row.Failed, (int)row.Other))]);

    private static string LineOf(GridLines lines) => lines switch
    {
        GridLines.Sequence => "sequence",
        GridLines.Place => "place",
        _ => "release",
    };

    private static string FilterOf(GridQuery query, string table = "") => string.Concat(
        query.Sequence is null ? "" : $" AND {table}sequence = @Sequence",
        query.Release is null ? "" : $" AND {table}release = @Release",
        query.Place is null ? "" : $" AND {table}place = @Place");

    private static DateOnly NightOf(long nanoseconds) => DateOnly.FromDateTime(StoredText.ToTime(nanoseconds).UtcDateTime.AddHours(-12));

    private static long StartOf(DateOnly night) => StoredText.ToNanoseconds(new DateTimeOffset(night, Noon, TimeSpan.Zero));

    private static CommandDefinition Command(string sql, object parameters, CancellationToken cancellationToken) => new(sql, parameters, cancellationToken: cancellationToken);
}
