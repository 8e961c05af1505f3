using HilRig.Model.Runs;
using Microsoft.Data.Sqlite;

namespace HilRig.Server.Storage.Sqlite;

/// <summary>The statements that run once for each event, prepared once for each transaction: that is what makes ingestion fast.</summary>
public sealed class SqliteEventRows : IEventRows
{
    private readonly SqliteCommand insertEvent;
    private readonly SqliteCommand insertStep;
    private readonly SqliteCommand beginCycle;
    private readonly SqliteCommand endCycle;
    private readonly SqliteCommand insertFingerprint;

    public SqliteEventRows(SqliteTransaction transaction)
    {
        var connection = transaction.Connection!;
        insertEvent = Prepare(connection, transaction, "INSERT INTO event VALUES ($1, $2, $3, $4)", 4);
        insertStep = Prepare(connection, transaction, "INSERT INTO step VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)", 11);
        // After a crash an agent may begin a cycle a second time; the strip shows where it began first.
        beginCycle = Prepare(connection, transaction, "INSERT OR IGNORE INTO cycle VALUES ($1, $2, $3, 'not-set', 'none')", 3);
        endCycle = Prepare(connection, transaction, "UPDATE cycle SET verdict = $3, layer = $4 WHERE run_key = $1 AND cycle = $2", 4);
        insertFingerprint = Prepare(
            connection, transaction,
            "INSERT INTO fingerprint (step, operation, code, code_name) VALUES ($1, $2, $3, $4) ON CONFLICT DO UPDATE SET step = step RETURNING fingerprint_key", 4);
    }

    public Task InsertEventsAsync(long runKey, IReadOnlyList<RunEvent> events)
    {
        foreach (var runEvent in events)
            Bind(insertEvent, runKey, runEvent.Number, StoredText.ToNanoseconds(runEvent.At), StoredText.ToJson(runEvent.Body)).ExecuteNonQuery();
        return Task.CompletedTask;
    }

    public Task InsertProjectionsAsync(long runKey, IReadOnlyList<RunEvent> events, IReadOnlyList<StepSample> samples)
    {
        foreach (var runEvent in events)
            Mark(runKey, runEvent);
        foreach (var sample in samples)
            Insert(runKey, sample);
        return Task.CompletedTask;
    }

    private void Mark(long runKey, RunEvent runEvent)
    {
        switch (runEvent.Body)
        {
            case CycleStarted { Cycle: > 0 } cycle:
                Bind(beginCycle, runKey, cycle.Cycle, runEvent.Number).ExecuteNonQuery();
                break;
            case CycleEnded cycle:
                Bind(endCycle, runKey, cycle.Cycle, StoredText.ToText(cycle.Verdict), StoredText.ToText(cycle.Layer)).ExecuteNonQuery();
                break;
        }
    }

    private void Insert(long runKey, StepSample sample)
    {
        object fingerprint = sample.Fingerprint is { } print
            ? Bind(insertFingerprint, print.Step, print.Operation, print.Code, print.CodeName).ExecuteScalar()!
            : DBNull.Value;
        Bind(
            insertStep, runKey, sample.Number, StoredText.ToNanoseconds(sample.At), sample.Cycle, sample.Index, sample.Step,
            StoredText.ToText(sample.Verdict), StoredText.ToText(sample.Layer), fingerprint, sample.Marginal, StoredText.ToJson(sample.Conditions))
            .ExecuteNonQuery();
    }

    public void Dispose()
    {
        insertEvent.Dispose();
        insertStep.Dispose();
        beginCycle.Dispose();
        endCycle.Dispose();
        insertFingerprint.Dispose();
    }

    private static SqliteCommand Prepare(SqliteConnection connection, SqliteTransaction transaction, string sql, int parameters)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        for (var number = 1; number <= parameters; number++)
            command.Parameters.Add(new SqliteParameter($"${number}", null));
        return command;
    }

    private static SqliteCommand Bind(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (var index = 0; index < values.Length; index++)
            command.Parameters[index].Value = values[index];
        return command;
    }
}
