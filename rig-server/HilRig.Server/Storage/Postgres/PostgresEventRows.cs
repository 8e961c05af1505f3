using Dapper;
using HilRig.Model.Runs;
using Npgsql;
using NpgsqlTypes;

namespace HilRig.Server.Storage.Postgres;

/// <summary>One statement for all rows of a kind: each column travels as one array, which <c>unnest</c> turns back into rows.</summary>
public sealed class PostgresEventRows(NpgsqlTransaction transaction) : IEventRows
{
    private readonly Dictionary<FailureKind, long> kinds = [];

    public Task InsertEventsAsync(IReadOnlyList<RunRows> runs)
    {
        var rows = Flat(runs, run => run.Events);
        return ExecuteAsync(
            "INSERT INTO event SELECT * FROM unnest($1, $2, $3, $4)",
            Column(rows, row => row.RunKey),
            Column(rows, row => row.Value.Event.Number),
            Column(rows, row => row.Value.AtNanoseconds),
            Column(rows, row => row.Value.Body));
    }

    public async Task InsertProjectionsAsync(IReadOnlyList<RunRows> runs)
    {
        var events = Flat(runs, run => run.Events);
        var begun = Bodies<CycleStarted>(events).Where(cycle => cycle.Value.Body.Cycle > 0).ToList();
        if (begun.Count > 0)
        {
            await ExecuteAsync(
                // After a crash an agent may begin a cycle a second time; the strip shows where it began first.
                "INSERT INTO cycle SELECT run_key, cycle, number, 'not-set', 'none' FROM unnest($1, $2, $3) AS c (run_key, cycle, number) ON CONFLICT DO NOTHING",
                Column(begun, row => row.RunKey),
                Column(begun, row => (long)row.Value.Body.Cycle),
                Column(begun, row => row.Value.Number));
        }
        // One row can be updated once in a statement; the last word counts, as it does one by one.
        var ended = Bodies<CycleEnded>(events).GroupBy(row => (row.RunKey, row.Value.Body.Cycle)).Select(same => same.Last()).ToList();
        if (ended.Count > 0)
        {
            await ExecuteAsync(
                """
                UPDATE cycle SET verdict = c.verdict, layer = c.layer FROM unnest($1, $2, $3, $4) AS c (run_key, cycle, verdict, layer)
                WHERE cycle.run_key = c.run_key AND cycle.cycle = c.cycle
                """,
                Column(ended, row => row.RunKey),
                Column(ended, row => (long)row.Value.Body.Cycle),
                Column(ended, row => StoredText.ToText(row.Value.Body.Verdict)),
                Column(ended, row => StoredText.ToText(row.Value.Body.Layer)));
        }
        var samples = Flat(runs, run => run.Samples);
        if (samples.Count > 0)
            await InsertAsync(samples);
    }

    public async Task SaveRunsAsync(IReadOnlyList<(long RunKey, RunSummary Summary)> runs)
    {
        await ExecuteAsync(
            """
            UPDATE run SET position = r.position, verdict = r.verdict, summary = r.summary FROM unnest($1, $2, $3, $4) AS r (run_key, position, verdict, summary)
            WHERE run.run_key = r.run_key
            """,
            Column(runs, run => run.RunKey),
            Column(runs, run => run.Summary.LastNumber),
            Column(runs, run => StoredText.ToText(run.Summary.Verdict)),
            Column(runs, run => StoredText.ToJson(run.Summary)));
        await ExecuteAsync(
            """
            INSERT INTO tally SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (started_ns, run_key) DO UPDATE SET cycles = excluded.cycles, failed = excluded.failed, other = excluded.other
            """,
            Column(runs, run => RunTally.Of(run.Summary).StartedNanoseconds),
            Column(runs, run => run.RunKey),
            Column(runs, run => StoredText.ToColumn(run.Summary.Started.Place)),
            Column(runs, run => StoredText.ToColumn(run.Summary.Started.Release)),
            Column(runs, run => StoredText.ToColumn(run.Summary.Started.Sequence)),
            Column(runs, run => RunTally.Of(run.Summary).Cycles),
            Column(runs, run => RunTally.Of(run.Summary).Failed),
            Column(runs, run => RunTally.Of(run.Summary).Other));
    }

    public void Dispose()
    {
    }

    private async Task InsertAsync(List<(long RunKey, StepSample Value)> samples)
    {
        foreach (var kind in samples.Select(row => FailureKind.Of(row.Value)).OfType<FailureKind>().Distinct().Where(kind => !kinds.ContainsKey(kind)))
            kinds[kind] = await FindKeyAsync(kind);
        await ExecuteAsync(
            "INSERT INTO step SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            Column(samples, row => row.RunKey),
            Column(samples, row => row.Value.Number),
            Column(samples, row => StoredText.ToNanoseconds(row.Value.At)),
            Column(samples, row => (long)row.Value.Cycle),
            Column(samples, row => (long)row.Value.Index),
            Column(samples, row => StoredText.ToColumn(row.Value.Step)),
            Column(samples, row => StoredText.ToText(row.Value.Verdict)),
            Column(samples, row => StoredText.ToText(row.Value.Layer)),
            Column(samples, row => FailureKind.Of(row.Value) is { } kind ? kinds[kind] : (long?)null),
            Column(samples, row => row.Value.Marginal ? 1L : 0L),
            Column(samples, row => StoredText.ToJson(row.Value.Conditions)));
    }

    private Task<long> FindKeyAsync(FailureKind kind) => transaction.Connection!.ExecuteScalarAsync<long>(
        """
        INSERT INTO fingerprint (release, sequence, step, operation, code, code_name, layer) VALUES (@Release, @Sequence, @Step, @Operation, @Code, @CodeName, @Layer)
        ON CONFLICT (release, sequence, step, operation, code, code_name, layer) DO UPDATE SET step = excluded.step RETURNING fingerprint_key
        """,
        new
        {
            Release = StoredText.ToColumn(kind.Release),
            Sequence = StoredText.ToColumn(kind.Sequence),
            Step = StoredText.ToColumn(kind.Fingerprint.Step),
            Operation = StoredText.ToColumn(kind.Fingerprint.Operation),
            Code = StoredText.ToColumn(kind.Fingerprint.Code),
            CodeName = StoredText.ToColumn(kind.Fingerprint.CodeName),
            Layer = StoredText.ToText(kind.Layer),
        },
        transaction);

    private async Task ExecuteAsync(string sql, params NpgsqlParameter[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, transaction.Connection, transaction);
        command.Parameters.AddRange(parameters);
        await command.ExecuteNonQueryAsync();
    }

    private static List<(long RunKey, T Value)> Flat<T>(IReadOnlyList<RunRows> runs, Func<RunRows, IReadOnlyList<T>> rows) =>
        [.. runs.SelectMany(run => rows(run).Select(row => (run.RunKey, row)))];

    private static IEnumerable<(long RunKey, (long Number, T Body) Value)> Bodies<T>(List<(long RunKey, EventRow Value)> events) where T : RunEventBody =>
        from row in events
        where row.Value.Event.Body is T
        select (row.RunKey, (row.Value.Event.Number, (T)row.Value.Event.Body));

    private static NpgsqlParameter Column<T>(IReadOnlyList<T> rows, Func<T, long> value) => Column(NpgsqlDbType.Bigint, Array(rows, value));

    private static NpgsqlParameter Column<T>(IReadOnlyList<T> rows, Func<T, long?> value) => Column(NpgsqlDbType.Bigint, Array(rows, value));

    private static NpgsqlParameter Column<T>(IReadOnlyList<T> rows, Func<T, string> value) => Column(NpgsqlDbType.Text, Array(rows, value));

    private static NpgsqlParameter Column(NpgsqlDbType type, System.Array values) => new() { NpgsqlDbType = NpgsqlDbType.Array | type, Value = values };

    private static TValue[] Array<T, TValue>(IReadOnlyList<T> rows, Func<T, TValue> value)
    {
        var values = new TValue[rows.Count];
        for (var index = 0; index < values.Length; index++)
            values[index] = value(rows[index]);
        return values;
    }
}
