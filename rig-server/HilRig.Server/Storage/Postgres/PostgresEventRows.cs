using Dapper;
using HilRig.Model.Runs;
using Npgsql;
using NpgsqlTypes;

namespace HilRig.Server.Storage.Postgres;

/// <summary>One statement for all rows of a kind: each column travels as one array, which <c>unnest</c> turns back into rows.</summary>
public sealed class PostgresEventRows(NpgsqlTransaction transaction) : IEventRows
{
    private readonly Dictionary<Fingerprint, long> fingerprints = [];

    public Task InsertEventsAsync(long runKey, IReadOnlyList<RunEvent> events) => ExecuteAsync(
        "INSERT INTO event SELECT $1, * FROM unnest($2, $3, $4)",
        Key(runKey),
        Column(events, runEvent => runEvent.Number),
        Column(events, runEvent => StoredText.ToNanoseconds(runEvent.At)),
        Column(events, runEvent => StoredText.ToJson(runEvent.Body)));

    public async Task InsertProjectionsAsync(long runKey, IReadOnlyList<RunEvent> events, IReadOnlyList<StepSample> samples)
    {
        var begun = events.Where(runEvent => runEvent.Body is CycleStarted { Cycle: > 0 }).ToList();
        if (begun.Count > 0)
        {
            await ExecuteAsync(
                // After a crash an agent may begin a cycle a second time; the strip shows where it began first.
                "INSERT INTO cycle SELECT $1, cycle, number, 'not-set', 'none' FROM unnest($2, $3) AS c (cycle, number) ON CONFLICT DO NOTHING",
                Key(runKey),
                Column(begun, runEvent => (long)((CycleStarted)runEvent.Body).Cycle),
                Column(begun, runEvent => runEvent.Number));
        }
        // One row can be updated once in a statement; the last word counts, as it does one by one.
        var ended = events.Select(runEvent => runEvent.Body).OfType<CycleEnded>().GroupBy(cycle => cycle.Cycle).Select(same => same.Last()).ToList();
        if (ended.Count > 0)
        {
            await ExecuteAsync(
                "UPDATE cycle SET verdict = c.verdict, layer = c.layer FROM unnest($2, $3, $4) AS c (cycle, verdict, layer) WHERE run_key = $1 AND cycle.cycle = c.cycle",
                Key(runKey),
                Column(ended, cycle => (long)cycle.Cycle),
                Column(ended, cycle => StoredText.ToText(cycle.Verdict)),
                Column(ended, cycle => StoredText.ToText(cycle.Layer)));
        }
        if (samples.Count > 0)
            await InsertAsync(runKey, samples);
    }

    public void Dispose()
    {
    }

    private async Task InsertAsync(long runKey, IReadOnlyList<StepSample> samples)
    {
        foreach (var fingerprint in samples.Select(sample => sample.Fingerprint).OfType<Fingerprint>().Distinct().Where(print => !fingerprints.ContainsKey(print)))
            fingerprints[fingerprint] = await FindKeyAsync(fingerprint);
        await ExecuteAsync(
            "INSERT INTO step SELECT $1, * FROM unnest($2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            Key(runKey),
            Column(samples, sample => sample.Number),
            Column(samples, sample => StoredText.ToNanoseconds(sample.At)),
            Column(samples, sample => (long)sample.Cycle),
            Column(samples, sample => (long)sample.Index),
            Column(samples, sample => StoredText.ToColumn(sample.Step)),
            Column(samples, sample => StoredText.ToText(sample.Verdict)),
            Column(samples, sample => StoredText.ToText(sample.Layer)),
            Column(samples, sample => sample.Fingerprint is { } print ? fingerprints[print] : (long?)null),
            Column(samples, sample => sample.Marginal ? 1L : 0L),
            Column(samples, sample => StoredText.ToJson(sample.Conditions)));
    }

    private Task<long> FindKeyAsync(Fingerprint fingerprint) => transaction.Connection!.ExecuteScalarAsync<long>(
        """
        INSERT INTO fingerprint (step, operation, code, code_name) VALUES (@Step, @Operation, @Code, @CodeName)
        ON CONFLICT (step, operation, code, code_name) DO UPDATE SET step = excluded.step RETURNING fingerprint_key
        """,
        new
        {
            Step = StoredText.ToColumn(fingerprint.Step),
            Operation = StoredText.ToColumn(fingerprint.Operation),
            Code = StoredText.ToColumn(fingerprint.Code),
            CodeName = StoredText.ToColumn(fingerprint.CodeName),
        },
        transaction);

    private async Task ExecuteAsync(string sql, params NpgsqlParameter[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, transaction.Connection, transaction);
        command.Parameters.AddRange(parameters);
        await command.PrepareAsync();
        await command.ExecuteNonQueryAsync();
    }

    private static NpgsqlParameter<long> Key(long runKey) => new() { TypedValue = runKey };

    private static NpgsqlParameter Column<T>(IEnumerable<T> rows, Func<T, long> value) => Column(NpgsqlDbType.Bigint, rows.Select(value).ToArray());

    private static NpgsqlParameter Column<T>(IEnumerable<T> rows, Func<T, long?> value) => Column(NpgsqlDbType.Bigint, rows.Select(value).ToArray());

    private static NpgsqlParameter Column<T>(IEnumerable<T> rows, Func<T, string> value) => Column(NpgsqlDbType.Text, rows.Select(value).ToArray());

    private static NpgsqlParameter Column(NpgsqlDbType type, Array values) => new() { NpgsqlDbType = NpgsqlDbType.Array | type, Value = values };
}
