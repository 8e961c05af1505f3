using Dapper;
using HilRig.Model.Runs;
using Npgsql;
using NpgsqlTypes;

namespace HilRig.Server.Storage.Postgres;

/// <summary>Events and samples by binary COPY, which PostgreSQL takes a page at a time; what may be there already as one statement of arrays.</summary>
public sealed class PostgresEventRows(NpgsqlTransaction transaction) : IEventRows
{
    private readonly NpgsqlConnection connection = transaction.Connection!;
    private readonly Dictionary<FailureKind, long> kinds = [];

    public async Task InsertEventsAsync(IReadOnlyList<RunRows> runs)
    {
        await using var copy = await connection.BeginBinaryImportAsync("COPY event FROM STDIN (FORMAT BINARY)");
        foreach (var run in runs)
        {
            foreach (var row in run.Events)
            {
                copy.StartRow();
                copy.Write(run.RunKey, NpgsqlDbType.Bigint);
                copy.Write(row.Event.Number, NpgsqlDbType.Bigint);
                copy.Write(row.AtNanoseconds, NpgsqlDbType.Bigint);
                copy.Write(row.Body, NpgsqlDbType.Text);
            }
        }
        await copy.CompleteAsync();
    }

    public async Task InsertProjectionsAsync(IReadOnlyList<RunRows> runs)
    {
        await MarkCyclesAsync(runs);
        await BlameAsync([.. runs.SelectMany(run => run.Blamed.Select(layer => (run.RunKey, layer)))]);
        if (runs.Any(run => run.Samples.Count > 0))
            await InsertSamplesAsync(runs);
    }

    public async Task SaveRunsAsync(IReadOnlyList<(long RunKey, RunSummary Summary)> runs)
    {
        await ExecuteAsync(
            """
            UPDATE run SET position = r.position, verdict = r.verdict, summary = r.summary, ended = r.ended FROM unnest($1, $2, $3, $4, $5) AS r (run_key, position, verdict, summary, ended)
            WHERE run.run_key = r.run_key
            """,
            Column(runs, run => run.RunKey),
            Column(runs, run => run.Summary.LastNumber),
            Column(runs, run => StoredText.ToText(run.Summary.Verdict)),
            Column(runs, run => StoredText.ToJson(run.Summary)),
            Column(runs, run => run.Summary.IsRunning ? 0L : 1L));
        var tallies = runs.Select(run => RunTally.Of(run.Summary)).ToList();
        await ExecuteAsync(
            """
            INSERT INTO tally SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (started_ns, run_key) DO UPDATE SET cycles = excluded.cycles, failed = excluded.failed, other = excluded.other
            """,
            Column(tallies, tally => tally.StartedNanoseconds),
            Column(runs, run => run.RunKey),
            Column(runs, run => StoredText.ToColumn(run.Summary.Started.Place)),
            Column(runs, run => StoredText.ToColumn(run.Summary.Started.Release)),
            Column(runs, run => StoredText.ToColumn(run.Summary.Started.Sequence)),
            Column(tallies, tally => tally.Cycles),
            Column(tallies, tally => tally.Failed),
            Column(tallies, tally => tally.Other));
    }

    public void Dispose()
    {
    }

    /// <summary>A cycle that begins and ends here is written once. After a crash an agent may begin a cycle a second time; the strip shows where it began first.</summary>
    private async Task MarkCyclesAsync(IReadOnlyList<RunRows> runs)
    {
        var marks = runs.SelectMany(run => run.Cycles).ToList();
        var begun = marks.FindAll(mark => mark.First is not null);
        if (begun.Count > 0)
        {
            await ExecuteAsync(
                """
                INSERT INTO cycle SELECT * FROM unnest($1, $2, $3, $4, $5) ON CONFLICT (run_key, cycle)
                DO UPDATE SET verdict = excluded.verdict, layer = excluded.layer WHERE excluded.verdict <> 'not-set'
                """,
                Column(begun, mark => mark.RunKey),
                Column(begun, mark => mark.Cycle),
                Column(begun, mark => mark.First!.Value),
                Column(begun, mark => StoredText.ToText(mark.Verdict)),
                Column(begun, mark => StoredText.ToText(mark.Layer)));
        }
        var ended = marks.FindAll(mark => mark.First is null);
        if (ended.Count > 0)
        {
            await ExecuteAsync(
                """
                UPDATE cycle SET verdict = c.verdict, layer = c.layer FROM unnest($1, $2, $3, $4) AS c (run_key, cycle, verdict, layer)
                WHERE cycle.run_key = c.run_key AND cycle.cycle = c.cycle
                """,
                Column(ended, mark => mark.RunKey),
                Column(ended, mark => mark.Cycle),
                Column(ended, mark => StoredText.ToText(mark.Verdict)),
                Column(ended, mark => StoredText.ToText(mark.Layer)));
        }
    }

    private Task BlameAsync(IReadOnlyList<(long RunKey, Layer Layer)> blamed) => blamed.Count == 0 ? Task.CompletedTask : ExecuteAsync(
        "INSERT INTO blame SELECT b.layer, r.started_ns, r.run_key FROM unnest($1, $2) AS b (run_key, layer) JOIN run r ON r.run_key = b.run_key ON CONFLICT DO NOTHING",
        Column(blamed, one => one.RunKey),
        Column(blamed, one => StoredText.ToText(one.Layer)));

    private async Task InsertSamplesAsync(IReadOnlyList<RunRows> runs)
    {
        foreach (var kind in runs.SelectMany(run => run.Samples).Select(row => FailureKind.Of(row.Sample)).OfType<FailureKind>().Distinct().Where(kind => !kinds.ContainsKey(kind)))
            kinds[kind] = await FindKeyAsync(kind);
        await using var copy = await connection.BeginBinaryImportAsync("COPY step FROM STDIN (FORMAT BINARY)");
        foreach (var run in runs)
        {
            foreach (var row in run.Samples)
                Write(copy, run.RunKey, row);
        }
        await copy.CompleteAsync();
    }

    private void Write(NpgsqlBinaryImporter copy, long runKey, SampleRow row)
    {
        var sample = row.Sample;
        copy.StartRow();
        copy.Write(runKey, NpgsqlDbType.Bigint);
        copy.Write(sample.Number, NpgsqlDbType.Bigint);
        copy.Write(StoredText.ToNanoseconds(sample.At), NpgsqlDbType.Bigint);
        copy.Write((long)sample.Cycle, NpgsqlDbType.Bigint);
        copy.Write((long)sample.Index, NpgsqlDbType.Bigint);
        copy.Write(StoredText.ToColumn(sample.Step), NpgsqlDbType.Text);
        copy.Write(StoredText.ToText(sample.Verdict), NpgsqlDbType.Text);
        copy.Write(StoredText.ToText(sample.Layer), NpgsqlDbType.Text);
        if (FailureKind.Of(sample) is { } kind)
            copy.Write(kinds[kind], NpgsqlDbType.Bigint);
        else
            copy.WriteNull();
        copy.Write(sample.Marginal ? 1L : 0L, NpgsqlDbType.Bigint);
        copy.Write(row.Conditions, NpgsqlDbType.Text);
    }

    private Task<long> FindKeyAsync(FailureKind kind) => connection.ExecuteScalarAsync<long>(
        """
        INSERT INTO fingerprint (release, sequence, revision, step, operation, code, code_name, layer) VALUES (@Release, @Sequence, @Revision, @Step, @Operation, @Code, @CodeName, @Layer)
        ON CONFLICT (release, sequence, revision, step, operation, code, code_name, layer) DO UPDATE SET step = excluded.step RETURNING fingerprint_key
        """,
        new
        {
            Release = StoredText.ToColumn(kind.Release),
            Sequence = StoredText.ToColumn(kind.Sequence),
            Revision = StoredText.ToColumn(kind.Revision),
            Step = StoredText.ToColumn(kind.Fingerprint.Step),
            Operation = StoredText.ToColumn(kind.Fingerprint.Operation),
            Code = StoredText.ToColumn(kind.Fingerprint.Code),
            CodeName = StoredText.ToColumn(kind.Fingerprint.CodeName),
            Layer = StoredText.ToText(kind.Layer),
        },
        transaction);

    private async Task ExecuteAsync(string sql, params NpgsqlParameter[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection, transaction);
        command.Parameters.AddRange(parameters);
        await command.ExecuteNonQueryAsync();
    }

    private static NpgsqlParameter Column<T>(IReadOnlyList<T> rows, Func<T, long> value) => Column(NpgsqlDbType.Bigint, rows.Select(value).ToArray());

    private static NpgsqlParameter Column<T>(IReadOnlyList<T> rows, Func<T, string> value) => Column(NpgsqlDbType.Text, rows.Select(value).ToArray());

    private static NpgsqlParameter Column(NpgsqlDbType type, System.Array values) => new() { NpgsqlDbType = NpgsqlDbType.Array | type, Value = values };
}
