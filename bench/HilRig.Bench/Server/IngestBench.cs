using System.CommandLine;
using System.Diagnostics;
using HilRig.Agent.Hub;
using HilRig.Bench.Chaos;
using HilRig.Server.Storage.Postgres;

namespace HilRig.Bench.Server;

/// <summary>
/// <c>bench ingest</c>: events a second from agents through the hub until they are committed, against a bulk insert of the same rows into
/// a database of the same kind, which is the limit: rows made beforehand, large transactions, no network and no reading of JSON. The server
/// is a process of its own with its own settings; agents and bulk insert are this one.
/// </summary>
internal static class IngestBench
{
    private const int PacedRate = 20_000;
    private const int PacedAgents = 10;

    /// <summary>Until everything hot is compiled for good.</summary>
    private const int WarmEvents = 1_000_000;

    public static Command Create()
    {
        var events = new Option<int>("--events") { Description = "Events for each measurement", DefaultValueFactory = _ => 200_000 };
        var agents = new Option<int[]>("--agents") { Description = "Agents that send at once", DefaultValueFactory = _ => [1, 10, 200], AllowMultipleArgumentsPerToken = true };
        var postgres = new Option<bool>("--postgres") { Description = "PostgreSQL in the place of SQLite: a cluster of its own, with fsync" };
        var command = new Command("ingest", "Events a second through the hub against a bulk insert") { events, agents, postgres };
        command.SetAction(async (parsed, token) =>
        {
            using var cluster = parsed.GetValue(postgres) ? await PostgresCluster.StartAsync() ?? throw new InvalidOperationException("PostgreSQL is not installed") : null;
            await RunAsync(parsed.GetValue(events), parsed.GetValue(agents)!, cluster, parsed.InvocationConfiguration.Output, token);
        });
        return command;
    }

    private static async Task RunAsync(int events, int[] agents, PostgresCluster? cluster, TextWriter output, CancellationToken cancellationToken)
    {
        var address = cluster is null ? null : await cluster.CreateDatabaseAsync();
        var kind = address is null ? "sqlite" : "postgres";
        var folder = Directory.CreateTempSubdirectory("hilrig-ingest-").FullName;
        try
        {
            // A first round warms both sides up: the runtime compiles during the first million events, which a server never notices that runs for a night.
            // What counts is measured in one run, one after the other, the limit before and behind.
            await BulkInsert.MeasureAsync(address, folder, "warm", BenchRun.Of("warm-bulk", WarmEvents), cancellationToken);
            var before = await BulkInsert.MeasureAsync(address, folder, "bulk", BenchRun.Of("bulk", events), cancellationToken);
            using var server = Child.Start("hilrig-server", ["--data", Path.Combine(folder, "server"), "--port", "0", .. address is null ? Array.Empty<string>() : ["--database", cluster!.UrlOf(address)]]);
            var url = await server.WaitForServerAsync();
            await MeasureAsync(server, url, "warm-hub", 2, WarmEvents, TimeSpan.Zero, cancellationToken);
            var measured = new List<(int Agents, double Rate, double CpuUs, List<double> Latencies)>();
            foreach (var count in agents)
                measured.Add(await MeasureAsync(server, url, $"hub-{measured.Count}-{count}", count, events, TimeSpan.Zero, cancellationToken));
            var paced = await MeasureAsync(server, url, "paced", PacedAgents, 5 * PacedRate, PacedAgents * TimeSpan.FromSeconds((double)EventSender.MaxBatchEvents / PacedRate), cancellationToken);
            // Not as Ctrl+C would: a benchmark in the background hands on that it is deaf to that.
            server.Signal("TERM");
            await server.ExitAsync();
            var after = await BulkInsert.MeasureAsync(address, folder, "bulk-2", BenchRun.Of("bulk-2", events), cancellationToken);

            var limit = 2 * events / (before.Total + after.Total).TotalSeconds;
            var commit = (before.Commit + after.Commit) / 2;
            output.WriteLine($"{kind}  bulk insert        {limit,10:0} events/s  ({events / before.Total.TotalSeconds:0} before, {events / after.Total.TotalSeconds:0} after)  {(before.CpuUs + after.CpuUs) / 2:0.0} µs of a processor an event  one commit {commit.TotalMilliseconds:0.00} ms");
            foreach (var (count, rate, cpu, latencies) in measured)
                output.WriteLine($"{kind}  {count,3} agents         {rate,10:0} events/s  {rate / limit:0.00} of the limit  {cpu:0.0} µs of a processor an event, agents and server  {Latencies(latencies, commit)}");
            output.WriteLine($"{kind}  paced at 20,000/s: {paced.Rate,10:0} events/s  {Latencies(paced.Latencies, commit)}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Agents that share the events, each with a run of its own.</summary>
    /// <param name="pause">Between two batches of one agent.</param>
    private static async Task<(int Agents, double Rate, double CpuUs, List<double> Latencies)> MeasureAsync(
        Child server, Uri url, string name, int agents, int events, TimeSpan pause, CancellationToken cancellationToken)
    {
        var connections = new List<BenchAgent>();
        for (var agent = 0; agent < agents; agent++)
            connections.Add(await BenchAgent.ConnectAsync(url, $"{name}-{agent}", cancellationToken));
        var runs = Enumerable.Range(0, agents).Select(agent => BenchRun.Of($"{name}-{agent}", events / agents)).ToList();
        var cpu = Environment.CpuUsage.TotalTime + server.CpuTime;
        var watch = Stopwatch.StartNew();
        var latencies = await Task.WhenAll(connections.Zip(runs, (connection, run) => connection.SendAsync(run, pause, cancellationToken)));
        var elapsed = watch.Elapsed;
        var sent = runs.Sum(run => run.Events.Count);
        var spent = (Environment.CpuUsage.TotalTime + server.CpuTime - cpu).TotalMicroseconds / sent;
        foreach (var connection in connections)
            await connection.DisposeAsync();
        return (agents, sent / elapsed.TotalSeconds, spent, [.. latencies.SelectMany(one => one).Order()]);
    }

    private static string Latencies(List<double> sorted, TimeSpan commit) =>
        $"acknowledge p50 {At(sorted, 0.5):0.00} ms, p99 {At(sorted, 0.99):0.00} ms = {At(sorted, 0.99) / commit.TotalMilliseconds:0.0} commits";

    private static double At(List<double> sorted, double part) => sorted[(int)Math.Min(sorted.Count - 1, part * sorted.Count)];
}
