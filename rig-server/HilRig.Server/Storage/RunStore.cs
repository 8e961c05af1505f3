using System.Data.Common;
using System.Runtime.CompilerServices;
using Dapper;
using HilRig.Model.Rig;
using HilRig.Model.Runs;

namespace HilRig.Server.Storage;

/// <inheritdoc cref="IRunStore"/>
public sealed class RunStore(IDatabase database) : IRunStore
{
    private const string SelectRun = "SELECT r.summary AS Summary, o.closed_because AS LostBecause";
    private const string SelectMark =
        """
        SELECT c.cycle AS Cycle, c.first_number AS FirstNumber, c.verdict AS Verdict, c.layer AS Layer
        FROM run r JOIN cycle c ON c.run_key = r.run_key WHERE r.run_id = @runId
        """;
    private const string WhetherLost = "LEFT JOIN run_order o ON o.run_id = r.run_id AND o.state = 'lost'";

    private sealed record RunRow(string Summary, string? LostBecause);

    private sealed record StoredEvent(string RunId, long Number, long At, string Body);

    private sealed record MarkRow(long Cycle, long FirstNumber, string Verdict, string Layer);

    public Task<IReadOnlyList<AppendResult>> AppendAsync(IReadOnlyList<PreparedBatch> batches, CancellationToken cancellationToken) =>
        database.WriteAsync(
            async transaction =>
            {
                var runIds = batches.Select(batch => batch.RunId).Distinct(StringComparer.Ordinal).ToList();
                var results = await new GroupAppend(database, transaction).AppendAsync(batches);
                await database.NotifyAsync(transaction, new Notice(runIds));
                return results;
            },
            cancellationToken);

    public Task<IReadOnlyList<AppendResult>> AppendAsync(IReadOnlyList<EventBatch> batches, CancellationToken cancellationToken) =>
        AppendAsync([.. batches.Select(PreparedBatch.Of)], cancellationToken);

    public async Task<long> FindPositionAsync(string runId, CancellationToken cancellationToken)
    {
        await using var reader = await database.OpenReaderAsync(cancellationToken);
        return await reader.ExecuteScalarAsync<long?>(Command("SELECT position FROM run WHERE run_id = @runId", new { runId }, cancellationToken)) ?? 0;
    }

    public async Task<IReadOnlyList<RunPosition>> ListPositionsAsync(CancellationToken cancellationToken)
    {
        await using var reader = await database.OpenReaderAsync(cancellationToken);
        return (await reader.QueryAsync<RunPosition>(new CommandDefinition("SELECT run_id AS RunId, position AS Number FROM run", cancellationToken: cancellationToken))).AsList();
    }

    public async Task<IReadOnlyList<RunSummary>> ListRunsAsync(RunQuery query, int limit, CancellationToken cancellationToken)
    {
        await using var reader = await database.OpenReaderAsync(cancellationToken);
        var (from, where, order) = RunCondition.Of(query);
        var rows = await reader.QueryAsync<RunRow>(Command(
            $"{SelectRun} FROM {from} {WhetherLost} {where} ORDER BY {order} LIMIT @limit",
            new
            {
                Before = StoredText.ToColumn(query.Before ?? ""),
                Place = StoredText.ToColumn(query.Place ?? ""),
                Release = StoredText.ToColumn(query.Release ?? ""),
                Sequence = StoredText.ToColumn(query.Sequence ?? ""),
                Verdict = StoredText.ToText(query.Verdict ?? default),
                Layer = StoredText.ToText(query.Layer ?? default),
                StartedFrom = ToNanoseconds(query.StartedFrom),
                StartedBefore = ToNanoseconds(query.StartedBefore),
                limit,
            },
            cancellationToken));
        return [.. rows.Select(ToSummary)];
    }

    public Task<IReadOnlyList<RunSummary>> ListRunsAsync(int limit, CancellationToken cancellationToken) => ListRunsAsync(new RunQuery(), limit, cancellationToken);

    public async Task<RunSummary?> FindRunAsync(string runId, CancellationToken cancellationToken)
    {
        await using var reader = await database.OpenReaderAsync(cancellationToken);
        var row = await reader.QuerySingleOrDefaultAsync<RunRow>(Command($"{SelectRun} FROM run r {WhetherLost} WHERE r.run_id = @runId", new { runId }, cancellationToken));
        return row is null ? null : ToSummary(row);
    }

    public async Task<IReadOnlyList<RunEvent>> ReadEventsAsync(string runId, long afterNumber, int limit, CancellationToken cancellationToken)
    {
        await using var reader = await database.OpenReaderAsync(cancellationToken);
        return ToEvents(await reader.QueryAsync<StoredEvent>(Command(
            """
            SELECT r.run_id AS RunId, e.number AS Number, e.at_ns AS At, e.body AS Body
            FROM run r JOIN event e ON e.run_key = r.run_key
            WHERE r.run_id = @runId AND e.number > @afterNumber ORDER BY e.number LIMIT @limit
            """,
            new { runId, afterNumber, limit }, cancellationToken)));
    }

    public async Task<IReadOnlyList<CycleMark>> ListCyclesAsync(string runId, int limit, CancellationToken cancellationToken)
    {
        await using var reader = await database.OpenReaderAsync(cancellationToken);
        var rows = await reader.QueryAsync<MarkRow>(Command($"{SelectMark} ORDER BY c.cycle DESC LIMIT @limit", new { runId, limit }, cancellationToken));
        return [.. rows.Reverse().Select(ToMark)];
    }

    public async Task<IReadOnlyList<CycleMark>> ListCyclesFromAsync(string runId, int firstCycle, int limit, CancellationToken cancellationToken)
    {
        await using var reader = await database.OpenReaderAsync(cancellationToken);
        var rows = await reader.QueryAsync<MarkRow>(Command(
            $"{SelectMark} AND c.cycle >= @firstCycle ORDER BY c.cycle LIMIT @limit", new { runId, firstCycle, limit }, cancellationToken));
        return [.. rows.Select(ToMark)];
    }

    public async Task<RunStrip> ReadStripAsync(string runId, int cells, CancellationToken cancellationToken)
    {
        await using var reader = await database.OpenReaderAsync(cancellationToken);
        var ends = await CountedRows.ReadAsync(
            reader,
            """
            SELECT r.run_key, (SELECT c.cycle FROM cycle c WHERE c.run_key = r.run_key ORDER BY c.cycle LIMIT 1), c.cycle
            FROM run r JOIN cycle c ON c.run_key = r.run_key WHERE r.run_id = @runId ORDER BY c.cycle DESC LIMIT 1
            """,
            new { runId }, row => (RunKey: row.GetInt64(0), First: row.GetInt64(1), Last: row.GetInt64(2)), cancellationToken);
        if (ends is not [var (runKey, first, last)])
            return RunStrip.Empty;
        var width = (last - first + cells) / cells;
        var odd = await CountedRows.ReadAsync(
            reader, "SELECT (cycle - @first) / @width, verdict, count(*), min(cycle) FROM cycle WHERE run_key = @runKey AND verdict <> 'pass' GROUP BY 1, 2 ORDER BY 1, 4",
            new { runKey, first, width },
            row => new OddCell((int)row.GetInt64(0), StoredText.ToEnum<Verdict>(row.GetString(1)), (int)row.GetInt64(2), (int)row.GetInt64(3)), cancellationToken);
        return new RunStrip((int)first, (int)last, (int)width, odd);
    }

    public async Task<IReadOnlyList<RunEvent>> FindFailuresAsync(
        string release, string sequence, string revision, Fingerprint fingerprint, Layer? layer, int limit, CancellationToken cancellationToken)
    {
        await using var reader = await database.OpenReaderAsync(cancellationToken);
        var keys = await reader.QueryAsync<long>(Command(
            $"""
            SELECT fingerprint_key FROM fingerprint
            WHERE release = @release AND sequence = @sequence AND revision = @revision AND step = @Step AND operation = @Operation AND code = @Code{(layer is null ? "" : " AND layer = @layer")}
            """,
            new
            {
                release = StoredText.ToColumn(release),
                sequence = StoredText.ToColumn(sequence),
                revision = StoredText.ToColumn(revision),
                layer = layer is { } one ? StoredText.ToText(one) : null,
                Step = StoredText.ToColumn(fingerprint.Step),
                Operation = StoredText.ToColumn(fingerprint.Operation),
                Code = StoredText.ToColumn(fingerprint.Code),
            },
            cancellationToken));
        // One key at a time, by the index in its order: a question about all of them would sort every failure there ever was.
        var newest = new List<StoredEvent>();
        foreach (var key in keys)
        {
            newest.AddRange(await reader.QueryAsync<StoredEvent>(Command(
                """
                SELECT r.run_id AS RunId, e.number AS Number, e.at_ns AS At, e.body AS Body
                FROM step s JOIN run r ON r.run_key = s.run_key JOIN event e ON e.run_key = s.run_key AND e.number = s.number
                WHERE s.fingerprint_key = @key ORDER BY s.at_ns DESC LIMIT @limit
                """,
                new { key, limit }, cancellationToken)));
        }
        return ToEvents(newest.OrderByDescending(row => row.At).Take(limit));
    }

    public async IAsyncEnumerable<StepSample> ReadSamplesAsync(
        string? runId, long afterNumber, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var reader = await database.OpenReaderAsync(cancellationToken);
        await using var command = reader.CreateCommand();
        command.CommandText =
            """
            SELECT r.run_id, s.number, s.at_ns, r.release, r.sequence, r.agent, r.place, s.cycle, s.position, s.step, s.verdict, s.layer, s.marginal,
                   s.conditions, f.step, f.operation, f.code, f.code_name, r.revision
            FROM step s JOIN run r ON r.run_key = s.run_key LEFT JOIN fingerprint f ON f.fingerprint_key = s.fingerprint_key
            """ + (runId is null ? "" : " WHERE r.run_id = @runId AND s.number > @afterNumber") + " ORDER BY s.run_key, s.number";
        if (runId is not null)
        {
            Bind(command, "@runId", runId);
            Bind(command, "@afterNumber", afterNumber);
        }
        var (conditions, hubs) = (new ConditionCache(), await ReadHubsAsync(reader, runId, cancellationToken));
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            var sample = ToSample(rows, conditions);
            yield return hubs.TryGetValue(sample.RunId, out var hub) ? sample with { Hub = hub } : sample;
        }
    }

    /// <summary>Hubs by run, of all runs or of one. Only the summary has them: what they say is asked for once a start, and of what is read again.</summary>
    private static async Task<Dictionary<string, string>> ReadHubsAsync(DbConnection reader, string? runId, CancellationToken cancellationToken)
    {
        var summaries = await reader.QueryAsync<string>(Command(
            "SELECT summary FROM run WHERE summary LIKE '%\"hub\":%'" + (runId is null ? "" : " AND run_id = @runId"), new { runId }, cancellationToken));
        return summaries.Select(StoredText.FromJson<RunSummary>).Where(run => run.Started.Hub is not null).ToDictionary(run => run.RunId, run => run.Started.Hub!);
    }

    /// <summary>A question may name any time; what no run can have begun at stands for the end of all times on its side.</summary>
    private static long ToNanoseconds(DateTimeOffset? at) => at switch
    {
        null => 0,
        { Year: < 1970 } => 0,
        { Year: > 2200 } => long.MaxValue,
        { } time => StoredText.ToNanoseconds(time),
    };

    private static void Bind(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = (name, value);
        command.Parameters.Add(parameter);
    }

    private static StepSample ToSample(DbDataReader row, ConditionCache conditions) => new(
        row.GetString(0),
        row.GetInt64(1),
        StoredText.ToTime(row.GetInt64(2)),
        row.GetString(3),
        row.GetString(4),
        row.GetString(18),
        row.GetString(5),
        row.GetString(6),
        row.GetInt32(7),
        row.GetInt32(8),
        row.GetString(9),
        StoredText.ToEnum<Verdict>(row.GetString(10)),
        StoredText.ToEnum<Layer>(row.GetString(11)),
        row.IsDBNull(14) ? null : new Fingerprint(row.GetString(14), row.GetString(15), row.GetString(16), row.GetString(17)),
        row.GetInt64(12) != 0,
        conditions.Read(row.GetString(13)));

    /// <summary>The fold as it is; a run that was given up also shows that, although no event says so.</summary>
    internal static RunSummary ToSummary(string summary, string? lostBecause)
    {
        var folded = StoredText.FromJson<RunSummary>(summary);
        return lostBecause is null
            ? folded
            : folded with { Verdict = Verdict.Error, Ended = new RunEnded(Verdict.Error, EndReason.AgentLost, lostBecause) };
    }

    private static CycleMark ToMark(MarkRow row) => new((int)row.Cycle, row.FirstNumber, StoredText.ToEnum<Verdict>(row.Verdict), StoredText.ToEnum<Layer>(row.Layer));

    private static RunSummary ToSummary(RunRow row) => ToSummary(row.Summary, row.LostBecause);

    private static List<RunEvent> ToEvents(IEnumerable<StoredEvent> rows) =>
        [.. rows.Select(row => new RunEvent(row.RunId, row.Number, StoredText.ToTime(row.At), StoredText.FromJson<RunEventBody>(row.Body)))];

    private static CommandDefinition Command(string sql, object parameters, CancellationToken cancellationToken) =>
        new(sql, parameters, cancellationToken: cancellationToken);
}
