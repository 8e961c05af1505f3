using System.Data.Common;
using System.Runtime.CompilerServices;
using Dapper;
using HilRig.Model.Rig;
using HilRig.Model.Runs;

namespace HilRig.Server.Storage;

/// <inheritdoc cref="IRunStore"/>
public sealed class RunStore(IDatabase database) : IRunStore
{
    private const string SelectRun =
        """
        SELECT r.summary AS Summary, o.closed_because AS LostBecause
        FROM run r LEFT JOIN run_order o ON o.run_id = r.run_id AND o.state = 'lost'
        """;

    private sealed record RunRow(string Summary, string? LostBecause);

    private sealed record EventRow(string RunId, long Number, long At, string Body);

    private sealed record CycleRow(long Cycle, long FirstNumber, string Verdict, string Layer);

    public Task<IReadOnlyList<AppendResult>> AppendAsync(IReadOnlyList<EventBatch> batches, CancellationToken cancellationToken) =>
        database.WriteAsync<IReadOnlyList<AppendResult>>(
            async transaction =>
            {
                await database.LockRunsAsync(transaction, batches.Select(batch => batch.RunId));
                using var rows = database.BeginRows(transaction);
                var append = new EventAppend(database, transaction, rows);
                var results = new List<AppendResult>(batches.Count);
                foreach (var batch in batches)
                    results.Add(await append.AppendAsync(batch));
                await database.NotifyAsync(transaction, new Notice([.. batches.Select(batch => batch.RunId).Distinct()]));
                return results;
            },
            cancellationToken);

    public async Task<long> FindPositionAsync(string runId, CancellationToken cancellationToken)
    {
        await using var reader = await database.OpenReaderAsync(cancellationToken);
        return await reader.ExecuteScalarAsync<long?>(Command("SELECT position FROM run WHERE run_id = @runId", new { runId }, cancellationToken)) ?? 0;
    }

    public async Task<IReadOnlyList<RunSummary>> ListRunsAsync(int limit, CancellationToken cancellationToken)
    {
        await using var reader = await database.OpenReaderAsync(cancellationToken);
        var rows = await reader.QueryAsync<RunRow>(Command($"{SelectRun} ORDER BY r.started_ns DESC LIMIT @limit", new { limit }, cancellationToken));
        return [.. rows.Select(ToSummary)];
    }

    public async Task<RunSummary?> FindRunAsync(string runId, CancellationToken cancellationToken)
    {
        await using var reader = await database.OpenReaderAsync(cancellationToken);
        var row = await reader.QuerySingleOrDefaultAsync<RunRow>(Command($"{SelectRun} WHERE r.run_id = @runId", new { runId }, cancellationToken));
        return row is null ? null : ToSummary(row);
    }

    public async Task<IReadOnlyList<RunEvent>> ReadEventsAsync(string runId, long afterNumber, int limit, CancellationToken cancellationToken)
    {
        await using var reader = await database.OpenReaderAsync(cancellationToken);
        return ToEvents(await reader.QueryAsync<EventRow>(Command(
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
        var rows = await reader.QueryAsync<CycleRow>(Command(
            """
            SELECT c.cycle AS Cycle, c.first_number AS FirstNumber, c.verdict AS Verdict, c.layer AS Layer
            FROM run r JOIN cycle c ON c.run_key = r.run_key
            WHERE r.run_id = @runId ORDER BY c.cycle DESC LIMIT @limit
            """,
            new { runId, limit }, cancellationToken));
        return
        [
            .. rows.Reverse().Select(row =>
                new CycleMark((int)row.Cycle, row.FirstNumber, StoredText.ToEnum<Verdict>(row.Verdict), StoredText.ToEnum<Layer>(row.Layer))),
        ];
    }

    public async Task<IReadOnlyList<RunEvent>> FindFailuresAsync(
        string release, string sequence, Fingerprint fingerprint, Layer? layer, int limit, CancellationToken cancellationToken)
    {
        await using var reader = await database.OpenReaderAsync(cancellationToken);
        return ToEvents(await reader.QueryAsync<EventRow>(Command(
            """
            SELECT r.run_id AS RunId, e.number AS Number, e.at_ns AS At, e.body AS Body
            FROM fingerprint f
            JOIN step s ON s.fingerprint_key = f.fingerprint_key
            JOIN run r ON r.run_key = s.run_key AND r.release = @release AND r.sequence = @sequence
            JOIN event e ON e.run_key = s.run_key AND e.number = s.number
            WHERE (CAST(@layer AS TEXT) IS NULL OR s.layer = @layer) AND f.step = @Step AND f.operation = @Operation AND f.code = @Code AND f.code_name = @CodeName
            ORDER BY s.at_ns DESC LIMIT @limit
            """,
            new
            {
                release,
                sequence,
                layer = layer is { } one ? StoredText.ToText(one) : null,
                fingerprint.Step,
                fingerprint.Operation,
                fingerprint.Code,
                fingerprint.CodeName,
                limit,
            },
            cancellationToken)));
    }

    public async IAsyncEnumerable<StepSample> ReadSamplesAsync(
        string? runId, long afterNumber, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var reader = await database.OpenReaderAsync(cancellationToken);
        await using var command = reader.CreateCommand();
        command.CommandText =
            """
            SELECT r.run_id, s.number, s.at_ns, r.release, r.sequence, r.agent, r.place, s.cycle, s.position, s.step, s.verdict, s.layer, s.marginal,
                   s.conditions, f.step, f.operation, f.code, f.code_name
            FROM step s JOIN run r ON r.run_key = s.run_key LEFT JOIN fingerprint f ON f.fingerprint_key = s.fingerprint_key
            """ + (runId is null ? "" : " WHERE r.run_id = @runId AND s.number > @afterNumber") + " ORDER BY s.run_key, s.number";
        if (runId is not null)
        {
            Bind(command, "@runId", runId);
            Bind(command, "@afterNumber", afterNumber);
        }
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
            yield return ToSample(rows);
    }

    private static void Bind(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = (name, value);
        command.Parameters.Add(parameter);
    }

    private static StepSample ToSample(DbDataReader row) => new(
        row.GetString(0),
        row.GetInt64(1),
        StoredText.ToTime(row.GetInt64(2)),
        row.GetString(3),
        row.GetString(4),
        row.GetString(5),
        row.GetString(6),
        row.GetInt32(7),
        row.GetInt32(8),
        row.GetString(9),
        StoredText.ToEnum<Verdict>(row.GetString(10)),
        StoredText.ToEnum<Layer>(row.GetString(11)),
        row.IsDBNull(14) ? null : new Fingerprint(row.GetString(14), row.GetString(15), row.GetString(16), row.GetString(17)),
        row.GetInt64(12) != 0,
        StoredText.FromJson<Dictionary<string, string>>(row.GetString(13)));

    /// <summary>The fold as it is; a run that was given up also shows that, although no event says so.</summary>
    private static RunSummary ToSummary(RunRow row)
    {
        var summary = StoredText.FromJson<RunSummary>(row.Summary);
        return row.LostBecause is null
            ? summary
            : summary with { Verdict = Verdict.Error, Ended = new RunEnded(Verdict.Error, EndReason.AgentLost, row.LostBecause) };
    }

    private static List<RunEvent> ToEvents(IEnumerable<EventRow> rows) =>
        [.. rows.Select(row => new RunEvent(row.RunId, row.Number, StoredText.ToTime(row.At), StoredText.FromJson<RunEventBody>(row.Body)))];

    private static CommandDefinition Command(string sql, object parameters, CancellationToken cancellationToken) =>
        new(sql, parameters, cancellationToken: cancellationToken);
}
