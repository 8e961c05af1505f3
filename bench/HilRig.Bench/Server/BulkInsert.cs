using System.Diagnostics;
using Dapper;
using HilRig.Analysis.Flags;
using HilRig.Model.Runs;
using HilRig.Server.Storage;
using HilRig.Server.Storage.Postgres;
using HilRig.Server.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Npgsql;
using NpgsqlTypes;

namespace HilRig.Bench.Server;

/// <summary>The limit: the same rows of events, samples and cycles, their columns made beforehand, in transactions of 5,000 events; by COPY on PostgreSQL.</summary>
internal static class BulkInsert
{
    private const int EventsInTransaction = 5_000;
    private const int Commits = 200;

    private sealed record Row(long Number, long At, string Body, StepSample? Sample, string Conditions, int Cycle);

    /// <summary>Time for all rows, what this process spent on each in µs, and the median of one commit of a single row.</summary>
    public static async Task<(TimeSpan Total, double CpuUs, TimeSpan Commit)> MeasureAsync(DatabaseAddress? address, string folder, string name, BenchRun run, CancellationToken cancellationToken)
    {
        using IDatabase database = address is null
            ? await SqliteDatabase.OpenAsync(Path.Combine(folder, $"{name}.db"), cancellationToken)
            : await PostgresDatabase.OpenAsync(address, cancellationToken);
        var started = (RunStarted)run.Events[0].Body;
        var rows = run.Events.Select(runEvent => ToRow(started, runEvent)).ToList();
        // A key of its own, far from those that the server gives.
        var key = 1_000_000_000L + Stopwatch.GetTimestamp() % 1_000_000_000;
        var cpu = Environment.CpuUsage.TotalTime;
        var watch = Stopwatch.StartNew();
        foreach (var chunk in rows.Chunk(EventsInTransaction))
        {
            await database.WriteAsync(
                async transaction =>
                {
                    await (transaction is NpgsqlTransaction postgres ? CopyAsync(postgres, key, chunk) : Insert((SqliteTransaction)transaction, key, chunk));
                    return 0;
                },
                cancellationToken);
        }
        var total = watch.Elapsed;
        return (total, (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / rows.Count, await CommitAsync(database, key, rows[0], cancellationToken));
    }

    private static async Task<TimeSpan> CommitAsync(IDatabase database, long key, Row row, CancellationToken cancellationToken)
    {
        var times = new List<TimeSpan>();
        for (var commit = 1; commit <= Commits; commit++)
        {
            var number = 1_000_000_000 + commit;
            var watch = Stopwatch.StartNew();
            await database.WriteAsync(
                transaction => transaction.Connection!.ExecuteAsync("INSERT INTO event VALUES (@key, @number, @At, @Body)", new { key, number, row.At, row.Body }, transaction),
                cancellationToken);
            times.Add(watch.Elapsed);
        }
        times.Sort();
        return times[Commits / 2];
    }

    private static Row ToRow(RunStarted started, RunEvent runEvent)
    {
        var sample = runEvent.Body is StepEnded step ? SampleReader.ToSample(started, runEvent, step) : null;
        return new Row(runEvent.Number, StoredText.ToNanoseconds(runEvent.At), StoredText.ToJson(runEvent.Body), sample, sample is null ? "" : StoredText.ToJson(sample.Conditions), runEvent.Body is CycleStarted cycle ? cycle.Cycle : 0);
    }

    private static Task Insert(SqliteTransaction transaction, long key, IReadOnlyList<Row> rows)
    {
        using var events = Prepare(transaction, "INSERT INTO event VALUES ($1, $2, $3, $4)", 4);
        using var steps = Prepare(transaction, "INSERT INTO step VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL, 0, $9)", 9);
        using var cycles = Prepare(transaction, "INSERT INTO cycle VALUES ($1, $2, $3, 'pass', 'none')", 3);
        foreach (var row in rows)
        {
            Bind(events, key, row.Number, row.At, row.Body);
            if (row.Cycle > 0)
                Bind(cycles, key, row.Cycle, row.Number);
            if (row.Sample is { } sample)
                Bind(steps, key, row.Number, row.At, sample.Cycle, sample.Index, sample.Step, "pass", "none", row.Conditions);
        }
        return Task.CompletedTask;
    }

    private static async Task CopyAsync(NpgsqlTransaction transaction, long key, IReadOnlyList<Row> rows)
    {
        await using (var events = await transaction.Connection!.BeginBinaryImportAsync("COPY event FROM STDIN (FORMAT BINARY)"))
        {
            foreach (var row in rows)
                Write(events, [key, row.Number, row.At], row.Body);
            await events.CompleteAsync();
        }
        await using (var cycles = await transaction.Connection!.BeginBinaryImportAsync("COPY cycle FROM STDIN (FORMAT BINARY)"))
        {
            foreach (var row in rows.Where(row => row.Cycle > 0))
                Write(cycles, [key, row.Cycle, row.Number], "pass", "none");
            await cycles.CompleteAsync();
        }
        await using var steps = await transaction.Connection!.BeginBinaryImportAsync("COPY step FROM STDIN (FORMAT BINARY)");
        foreach (var row in rows)
        {
            if (row.Sample is not { } sample)
                continue;
            Write(steps, [key, row.Number, row.At, sample.Cycle, sample.Index], sample.Step, "pass", "none");
            steps.WriteNull();
            steps.Write(0L, NpgsqlDbType.Bigint);
            steps.Write(row.Conditions, NpgsqlDbType.Text);
        }
        await steps.CompleteAsync();
    }

    private static void Write(NpgsqlBinaryImporter copy, ReadOnlySpan<long> numbers, params ReadOnlySpan<string> texts)
    {
        copy.StartRow();
        foreach (var number in numbers)
            copy.Write(number, NpgsqlDbType.Bigint);
        foreach (var text in texts)
            copy.Write(text, NpgsqlDbType.Text);
    }

    private static SqliteCommand Prepare(SqliteTransaction transaction, string sql, int parameters)
    {
        var command = new SqliteCommand(sql, transaction.Connection, transaction);
        for (var number = 1; number <= parameters; number++)
            command.Parameters.Add(new SqliteParameter($"${number}", null));
        return command;
    }

    private static void Bind(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (var index = 0; index < values.Length; index++)
            command.Parameters[index].Value = values[index];
        command.ExecuteNonQuery();
    }
}
