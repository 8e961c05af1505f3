using System.CommandLine;
using System.Diagnostics;
using System.Net;
using HilRig.Model.Rig;
using HilRig.Server;
using HilRig.Server.Storage.Postgres;

namespace HilRig.Bench.Server;

/// <summary>
/// <c>bench ingest</c>: events a second from agents through the hub until they are committed, against a bulk insert of the same rows into
/// a database of the same kind, which is the limit: rows made beforehand, large transactions, no network and no reading of JSON.
/// </summary>
internal static class IngestBench
{
    private const int EventsInBatch = 100;

    public static Command Create()
    {
        var events = new Option<int>("--events") { Description = "Events for each measurement", DefaultValueFactory = _ => 60_000 };
        var agents = new Option<int[]>("--agents") { Description = "Agents that send at once", DefaultValueFactory = _ => [1, 10, 200], AllowMultipleArgumentsPerToken = true };
        var database = new Option<string?>("--database") { Description = "An empty PostgreSQL database, in the place of SQLite" };
        var command = new Command("ingest", "Events a second through the hub against a bulk insert") { events, agents, database };
        command.SetAction((parsed, token) => RunAsync(
            parsed.GetValue(events), parsed.GetValue(agents)!, parsed.GetValue(database) is { } url ? DatabaseAddress.Parse(url, Environment.GetEnvironmentVariable(DatabaseAddress.PasswordVariable)) : null,
            parsed.InvocationConfiguration.Output, token));
        return command;
    }

    private static async Task RunAsync(int events, int[] agents, DatabaseAddress? address, TextWriter output, CancellationToken cancellationToken)
    {
        var kind = address is null ? "sqlite" : "postgres";
        var folder = Directory.CreateTempSubdirectory("hilrig-ingest-").FullName;
        try
        {
            // A first round warms both sides up; what counts is measured in one run, one after the other.
            await BulkInsert.MeasureAsync(address, folder, "warm", BenchRun.Of("warm-bulk", 5_000), cancellationToken);
            var bulk = await BulkInsert.MeasureAsync(address, folder, "bulk", BenchRun.Of("bulk", events), cancellationToken);
            output.WriteLine($"{kind}  bulk insert        {events / bulk.Total.TotalSeconds,10:0} events/s  one commit {bulk.Commit.TotalMilliseconds:0.00} ms");
            await using var server = await RigServer.StartAsync(new ServerOptions(Path.Combine(folder, "server"), IPAddress.Loopback, 0) { Database = address }, cancellationToken);
            await MeasureAsync(server, "warm-hub", 1, 5_000, cancellationToken);
            foreach (var count in agents)
            {
                var (elapsed, latencies) = await MeasureAsync(server, $"hub-{count}", count, events, cancellationToken);
                var rate = events / elapsed.TotalSeconds;
                output.WriteLine(
                    $"{kind}  {count,3} agents         {rate,10:0} events/s  {rate * bulk.Total.TotalSeconds / events:0.00} of the limit  " +
                    $"acknowledge p50 {At(latencies, 0.5):0.00} ms, p99 {At(latencies, 0.99):0.00} ms = {At(latencies, 0.99) / bulk.Commit.TotalMilliseconds:0.0} commits");
            }
            var paced = await PacedAsync(server, 20_000, cancellationToken);
            output.WriteLine($"{kind}  paced at 20,000/s: {paced.Rate,10:0} events/s  acknowledge p50 {At(paced.Latencies, 0.5):0.00} ms, p99 {At(paced.Latencies, 0.99):0.00} ms = {At(paced.Latencies, 0.99) / bulk.Commit.TotalMilliseconds:0.0} commits");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(TimeSpan Elapsed, List<double> Latencies)> MeasureAsync(RigServer server, string name, int agents, int events, CancellationToken cancellationToken)
    {
        var connections = new List<BenchAgent>();
        for (var agent = 0; agent < agents; agent++)
            connections.Add(await BenchAgent.ConnectAsync(server.Url, $"{name}-{agent}", cancellationToken));
        var runs = Enumerable.Range(0, agents).Select(agent => BenchRun.Of($"{name}-{agent}", events / agents)).ToList();
        var watch = Stopwatch.StartNew();
        var latencies = await Task.WhenAll(connections.Zip(runs, (connection, run) => SendAsync(connection, run, TimeSpan.Zero, cancellationToken)));
        var elapsed = watch.Elapsed;
        foreach (var connection in connections)
            await connection.DisposeAsync();
        return (elapsed, [.. latencies.SelectMany(one => one)]);
    }

    /// <summary>Ten agents that together send at that rate, each batch at its time.</summary>
    private static async Task<(double Rate, List<double> Latencies)> PacedAsync(RigServer server, int rate, CancellationToken cancellationToken)
    {
        const int Agents = 10;
        var connections = new List<BenchAgent>();
        for (var agent = 0; agent < Agents; agent++)
            connections.Add(await BenchAgent.ConnectAsync(server.Url, $"paced-{agent}", cancellationToken));
        var pause = TimeSpan.FromSeconds((double)EventsInBatch * Agents / rate);
        var runs = Enumerable.Range(0, Agents).Select(agent => BenchRun.Of($"paced-{agent}", 5 * rate / Agents)).ToList();
        var watch = Stopwatch.StartNew();
        var latencies = await Task.WhenAll(connections.Zip(runs, (connection, run) => SendAsync(connection, run, pause, cancellationToken)));
        var elapsed = watch.Elapsed;
        foreach (var connection in connections)
            await connection.DisposeAsync();
        return (runs.Sum(run => run.Events.Count) / elapsed.TotalSeconds, [.. latencies.SelectMany(one => one)]);
    }

    private static async Task<List<double>> SendAsync(BenchAgent agent, BenchRun run, TimeSpan pause, CancellationToken cancellationToken)
    {
        var latencies = new List<double>();
        var begun = Stopwatch.StartNew();
        for (var from = 0; from < run.Events.Count; from += EventsInBatch)
        {
            var due = latencies.Count * pause;
            if (due > begun.Elapsed)
                await Task.Delay(due - begun.Elapsed, cancellationToken);
            var watch = Stopwatch.StartNew();
            var batch = new EventBatch(run.RunId, 0, [.. run.Events.Skip(from).Take(EventsInBatch)]);
            var position = await agent.AppendAsync(batch, cancellationToken);
            latencies.Add(watch.Elapsed.TotalMilliseconds);
            if (position != batch.Events[^1].Number)
                throw new InvalidOperationException($"{run.RunId}: {position} was acknowledged after {batch.Events[^1].Number}");
        }
        return latencies;
    }

    private static double At(List<double> latencies, double part)
    {
        latencies.Sort();
        return latencies[(int)Math.Min(latencies.Count - 1, part * latencies.Count)];
    }
}
