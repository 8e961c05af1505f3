using System.CommandLine;
using System.Diagnostics;
using System.Net;
using HilRig.Model.Flags;
using HilRig.Model.Rig;
using HilRig.Model.Runs;
using HilRig.Server;
using HilRig.Server.Judging;
using HilRig.Server.Storage;
using HilRig.Server.Storage.Postgres;
using HilRig.Server.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace HilRig.Bench.Server;

/// <summary>
/// <c>bench queries</c>: what the pages and the API ask, at histories of several sizes: p50 and p95 of each, and how much longer the p95 is at the
/// largest than at the smallest. Through the reader of the pages, and the pages themselves over HTTP.
/// </summary>
internal static class QueryBench
{
    private sealed record Query(string Name, Func<Random, Task> AskAsync);

    public static Command Create()
    {
        var steps = new Option<int[]>("--steps") { Description = "Step rows of each history", DefaultValueFactory = _ => [100_000, 1_000_000, 10_000_000], AllowMultipleArgumentsPerToken = true };
        var times = new Option<int>("--times") { Description = "How often each query is asked", DefaultValueFactory = _ => 200 };
        var postgres = new Option<bool>("--postgres") { Description = "PostgreSQL in the place of SQLite: a cluster of its own" };
        var command = new Command("queries", "The pages' and the API's queries at growing histories") { steps, times, postgres };
        command.SetServersAction(async (parsed, token) =>
        {
            // Nothing that is measured here waits for a disk; the history is there sooner without fsync.
            using var cluster = parsed.GetValue(postgres) ? await PostgresCluster.StartAsync("fsync=off", "max_wal_size=4GB", "shared_buffers=1GB") ?? throw new InvalidOperationException("PostgreSQL is not installed") : null;
            var measured = new List<Dictionary<string, List<double>>>();
            foreach (var size in parsed.GetValue(steps)!)
                measured.Add(await MeasureAsync(size, parsed.GetValue(times), cluster is null ? null : await cluster.CreateDatabaseAsync(), parsed.InvocationConfiguration.Output, token));
            Report(parsed.GetValue(steps)!, measured, parsed.InvocationConfiguration.Output);
        });
        return command;
    }

    private static async Task<Dictionary<string, List<double>>> MeasureAsync(int steps, int times, DatabaseAddress? address, TextWriter output, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("hilrig-queries-").FullName;
        try
        {
            var watch = Stopwatch.StartNew();
            int runs;
            using (IDatabase database = address is null ? await SqliteDatabase.OpenAsync(Path.Combine(folder, "hilrig.db"), cancellationToken) : await PostgresDatabase.OpenAsync(address, cancellationToken))
                runs = await GrownHistory.GrowAsync(database, steps, cancellationToken);
            var grown = watch.Elapsed;
            watch.Restart();
            await using var server = await RigServer.StartAsync(new ServerOptions(folder, IPAddress.Loopback, 0) { Database = address }, cancellationToken);
            var answers = watch.Elapsed;
            await server.Services.GetRequiredService<FlagBook>().Complete.WaitAsync(cancellationToken);
            output.WriteLine($"{(address is null ? "sqlite" : "postgres")}  {runs * GrownHistory.StepsInRun,10:N0} step rows, {runs} runs: grown in {grown.TotalSeconds:0} s, the server answers after {answers.TotalSeconds:0.0} s and has judged them after {watch.Elapsed.TotalSeconds:0.0} s, {GC.GetTotalMemory(true) >> 20} MB");
            var asked = new Dictionary<string, List<double>>();
            foreach (var query in Queries(server, runs, cancellationToken))
                asked[query.Name] = await AskAsync(query, times);
            return asked;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<List<double>> AskAsync(Query query, int times)
    {
        var random = new Random(7);
        for (var warm = 0; warm < 10; warm++)
            await query.AskAsync(random);
        var took = new List<double>();
        for (var time = 0; time < times; time++)
        {
            var begun = Stopwatch.GetTimestamp();
            await query.AskAsync(random);
            took.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }
        took.Sort();
        return took;
    }

    private static IEnumerable<Query> Queries(RigServer server, int runs, CancellationToken cancellationToken)
    {
        var reader = server.Services.GetRequiredService<IRunReader>();
        using var http = new HttpClient { BaseAddress = server.Url };
        string AnyRun(Random random) => GrownHistory.RunIdOf(random.Next(runs));
        yield return new("runs: newest 100", _ => reader.ListRunsAsync(100, cancellationToken));
        yield return new("runs: 100 before any", random => reader.ListRunsAsync(new RunQuery(AnyRun(random)), 100, cancellationToken));
        yield return new("runs: 10 of a place", random => reader.ListRunsAsync(new RunQuery(AnyRun(random), Place: $"kv58-{random.Next(10)}"), 10, cancellationToken));
        yield return new("runs: 100 of a release", random => reader.ListRunsAsync(new RunQuery(AnyRun(random), Release: "2.1.0+77ab"), 100, cancellationToken));
        yield return new("run: header, 1000 cycles", async random =>
        {
            var runId = AnyRun(random);
            await reader.FindRunAsync(runId, cancellationToken);
            await reader.ListCyclesAsync(runId, 1000, cancellationToken);
        });
        yield return new("run: 500 events", random => reader.ReadEventsAsync(AnyRun(random), random.Next(700), 500, cancellationToken));
        yield return new("failures: 20 of a flag", async _ => await reader.FindFailuresAsync(await FlagAsync(reader, "10203", cancellationToken), 20, cancellationToken));
        yield return new("failures: 20 of a rare old one", async _ => await reader.FindFailuresAsync(await FlagAsync(reader, GrownHistory.Rare.Code, cancellationToken), 20, cancellationToken));
        yield return new("queue and places", async _ =>
        {
            await reader.ListQueueAsync(cancellationToken);
            await reader.ListPlacesAsync(cancellationToken);
        });
        yield return new("to store a new run of 300 events", random => AddFailureAsync(server, $"r-stored-{random.NextInt64()}", cancellationToken));
        yield return new("flags after a new failure", async random =>
        {
            await AddFailureAsync(server, $"r-new-{random.NextInt64()}", cancellationToken);
            await reader.ListFlagsAsync(cancellationToken);
        });
        yield return new("runs: 100 that failed, of a release", random => reader.ListRunsAsync(new RunQuery(AnyRun(random), Release: "2.1.0+77ab", Verdict: Verdict.Fail), 100, cancellationToken));
        yield return new("runs: 100 that the rig is to blame for", _ => reader.ListRunsAsync(new RunQuery(Layer: Layer.Rig), 100, cancellationToken));
        yield return new("runs: that go on", _ => reader.ListRunsAsync(new RunQuery(Running: true), 100, cancellationToken));
        yield return new("releases", _ => reader.ListReleasesAsync(cancellationToken));
        yield return new("page /", _ => http.GetStringAsync("/", cancellationToken));
        yield return new("page /runs/…", random => http.GetStringAsync($"/runs/{AnyRun(random)}", cancellationToken));
        yield return new("page /failures", _ => http.GetStringAsync("/failures", cancellationToken));
        yield return new("page /failures/…", async _ => await http.GetStringAsync($"/failures/{(await FlagAsync(reader, "10203", cancellationToken)).Id}", cancellationToken));
        yield return new("page /runs", _ => http.GetStringAsync("/runs", cancellationToken));
        yield return new("page /campaigns", _ => http.GetStringAsync("/campaigns", cancellationToken));
        yield return new("api /api/v1/runs", _ => http.GetStringAsync("/api/v1/runs", cancellationToken));
    }

    private static async Task<Flag> FlagAsync(IRunReader reader, string code, CancellationToken cancellationToken) =>
        (await reader.ListFlagsAsync(cancellationToken)).First(flag => flag.Fingerprint.Code == code);

    private static Task<AppendResult> AddFailureAsync(RigServer server, string runId, CancellationToken cancellationToken)
    {
        var run = BenchRun.Of(runId, 300);
        return server.Services.GetRequiredService<IngestWriter>().AppendAsync(new EventBatch(run.RunId, 0, run.Events), cancellationToken);
    }

    private static void Report(int[] sizes, List<Dictionary<string, List<double>>> measured, TextWriter output)
    {
        output.WriteLine($"{"p50 / p95 in ms",-32}{string.Concat(sizes.Select(size => $"{size,20:N0}"))}{"p95 largest/smallest",22}");
        foreach (var name in measured[0].Keys)
        {
            var cells = measured.Select(one => $"{$"{At(one[name], 0.5):0.00} / {At(one[name], 0.95):0.00}",20}");
            output.WriteLine($"{name,-32}{string.Concat(cells)}{At(measured[^1][name], 0.95) / At(measured[0][name], 0.95),22:0.0}");
        }
    }

    private static double At(List<double> sorted, double part) => sorted[(int)Math.Min(sorted.Count - 1, part * sorted.Count)];
}
