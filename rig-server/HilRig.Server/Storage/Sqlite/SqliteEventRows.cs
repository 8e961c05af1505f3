using HilRig.Model.Runs;
using Microsoft.Data.Sqlite;

namespace HilRig.Server.Storage.Sqlite;

/// <summary>The statements that run once for each event, prepared once for each transaction: that is what makes ingestion fast.</summary>
public sealed class SqliteEventRows : IEventRows
{
    private readonly SqliteConnection connection;
    private readonly SqliteTransaction transaction;
    private readonly List<SqliteCommand> prepared = [];
    private readonly Dictionary<FailureKind, long> kinds = [];
    private readonly SqliteCommand insertEvent;
    private readonly SqliteCommand insertStep;
    private readonly SqliteCommand beginCycle;
    private readonly SqliteCommand endCycle;
    private readonly SqliteCommand insertBlame;
    private readonly SqliteCommand insertKind;
    private readonly SqliteCommand saveRun;
    private readonly SqliteCommand saveTally;

    public SqliteEventRows(SqliteTransaction transaction)
    {
        this.transaction = transaction;
        connection = transaction.Connection!;
        insertEvent = Prepare("INSERT INTO event VALUES ($1, $2, $3, $4)", 4);
        insertStep = Prepare("INSERT INTO step VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)", 11);
        // After a crash an agent may begin a cycle a second time; the strip shows where it began first.
        beginCycle = Prepare(
            """
            INSERT INTO cycle VALUES ($1, $2, $3, $4, $5) ON CONFLICT (run_key, cycle)
            DO UPDATE SET verdict = excluded.verdict, layer = excluded.layer WHERE excluded.verdict <> 'not-set'
            """, 5);
        endCycle = Prepare("UPDATE cycle SET verdict = $3, layer = $4 WHERE run_key = $1 AND cycle = $2", 4);
        insertBlame = Prepare("INSERT OR IGNORE INTO blame SELECT $2, started_ns, run_key FROM run WHERE run_key = $1", 2);
        insertKind = Prepare(
            """
            INSERT INTO fingerprint (release, sequence, revision, step, operation, code, code_name, layer) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT DO UPDATE SET step = step RETURNING fingerprint_key
            """, 8);
        saveRun = Prepare("UPDATE run SET position = $2, verdict = $3, summary = $4, ended = $5 WHERE run_key = $1", 5);
        saveTally = Prepare(
            """
            INSERT INTO tally VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (started_ns, run_key) DO UPDATE SET cycles = excluded.cycles, failed = excluded.failed, other = excluded.other
            """, 8);
    }

    public Task InsertEventsAsync(IReadOnlyList<RunRows> runs)
    {
        foreach (var run in runs)
        {
            foreach (var row in run.Events)
                Bind(insertEvent, run.RunKey, row.Event.Number, row.AtNanoseconds, row.Body).ExecuteNonQuery();
        }
        return Task.CompletedTask;
    }

    public Task InsertProjectionsAsync(IReadOnlyList<RunRows> runs)
    {
        foreach (var run in runs)
        {
            foreach (var mark in run.Cycles)
                Mark(mark);
            foreach (var layer in run.Blamed)
                Bind(insertBlame, run.RunKey, StoredText.ToText(layer)).ExecuteNonQuery();
            foreach (var sample in run.Samples)
                Insert(run.RunKey, sample);
        }
        return Task.CompletedTask;
    }

    public Task SaveRunsAsync(IReadOnlyList<(long RunKey, RunSummary Summary)> runs)
    {
        foreach (var (key, summary) in runs)
        {
            Bind(saveRun, key, summary.LastNumber, StoredText.ToText(summary.Verdict), StoredText.ToJson(summary), summary.IsRunning ? 0L : 1L).ExecuteNonQuery();
            var tally = RunTally.Of(summary);
            Bind(
                saveTally, tally.StartedNanoseconds, key, StoredText.ToColumn(summary.Started.Place), StoredText.ToColumn(summary.Started.Release), StoredText.ToColumn(summary.Started.Sequence),
                tally.Cycles, tally.Failed, tally.Other).ExecuteNonQuery();
        }
        return Task.CompletedTask;
    }

    public void Dispose() => prepared.ForEach(command => command.Dispose());

    private void Mark(CycleRow mark)
    {
        var (verdict, layer) = (StoredText.ToText(mark.Verdict), StoredText.ToText(mark.Layer));
        if (mark.First is { } first)
            Bind(beginCycle, mark.RunKey, mark.Cycle, first, verdict, layer).ExecuteNonQuery();
        else
            Bind(endCycle, mark.RunKey, mark.Cycle, verdict, layer).ExecuteNonQuery();
    }

    private void Insert(long runKey, SampleRow row)
    {
        var sample = row.Sample;
        Bind(
            insertStep, runKey, sample.Number, StoredText.ToNanoseconds(sample.At), sample.Cycle, sample.Index, sample.Step,
            StoredText.ToText(sample.Verdict), StoredText.ToText(sample.Layer), KindOf(sample) ?? (object)DBNull.Value, sample.Marginal, row.Conditions)
            .ExecuteNonQuery();
    }

    private long? KindOf(StepSample sample)
    {
        if (FailureKind.Of(sample) is not { } kind)
            return null;
        if (!kinds.TryGetValue(kind, out var key))
        {
            key = (long)Bind(
                insertKind, kind.Release, kind.Sequence, kind.Revision, kind.Fingerprint.Step, kind.Fingerprint.Operation, kind.Fingerprint.Code, kind.Fingerprint.CodeName, StoredText.ToText(kind.Layer))
                .ExecuteScalar()!;
            kinds[kind] = key;
        }
        return key;
    }

    private SqliteCommand Prepare(string sql, int parameters)
    {
        var command = new SqliteCommand(sql, connection, transaction);
        for (var number = 1; number <= parameters; number++)
            command.Parameters.Add(new SqliteParameter($"${number}", null));
        prepared.Add(command);
        return command;
    }

    private static SqliteCommand Bind(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (var index = 0; index < values.Length; index++)
            command.Parameters[index].Value = values[index];
        return command;
    }
}
