using System.CommandLine;
using System.Diagnostics;
using System.Net;
using System.Threading.Channels;
using HilRig.Model.Rig;
using HilRig.Server;

namespace HilRig.Bench.Server;

/// <summary>
/// <c>bench live</c>: from the moment an agent sends an event until the page of a person who watches that run is told, through hub, disk, feed and
/// server-sent events: with one agent and one viewer, and with a lab of them.
/// </summary>
internal static class LiveBench
{
    // The feed tells one page at most every 400 ms; a rate of events below that shows the way itself.
    private const int PauseMs = 600;

    public static Command Create()
    {
        var agents = new Option<int>("--agents") { Description = "Agents that send", DefaultValueFactory = _ => 200 };
        var viewers = new Option<int>("--viewers") { Description = "Open pages, each on the run of one agent", DefaultValueFactory = _ => 50 };
        var seconds = new Option<int>("--seconds") { Description = "For each of the two measurements", DefaultValueFactory = _ => 30 };
        var command = new Command("live", "From an event on an agent to an open page") { agents, viewers, seconds };
        command.SetAction(async (parsed, token) =>
        {
            var output = parsed.InvocationConfiguration.Output;
            var duration = TimeSpan.FromSeconds(parsed.GetValue(seconds));
            await MeasureAsync(1, 1, TimeSpan.FromSeconds(5), token);
            var one = await MeasureAsync(1, 1, duration, token);
            var lab = await MeasureAsync(parsed.GetValue(agents), parsed.GetValue(viewers), duration, token);
            output.WriteLine($"  1 agent,   1 viewer:   {one.Count,6} events  p50 {At(one, 0.5):0.00} ms  p99 {At(one, 0.99):0.00} ms");
            output.WriteLine($"{parsed.GetValue(agents),3} agents, {parsed.GetValue(viewers),3} viewers:  {lab.Count,6} events  p50 {At(lab, 0.5):0.00} ms = {At(lab, 0.5) / At(one, 0.5):0.0} times  p99 {At(lab, 0.99):0.00} ms = {At(lab, 0.99) / At(one, 0.99):0.0} times");
        });
        return command;
    }

    private static async Task<List<double>> MeasureAsync(int agents, int viewers, TimeSpan duration, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("hilrig-live-").FullName;
        try
        {
            await using var server = await RigServer.StartAsync(new ServerOptions(folder, IPAddress.Loopback, 0), cancellationToken);
            using var http = new HttpClient { BaseAddress = server.Url };
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var lanes = new List<Watched>();
            for (var number = 0; number < agents; number++)
                lanes.Add(await Watched.ConnectAsync(server.Url, $"live-{number}", number < viewers ? http : null, cancellationToken));
            stop.CancelAfter(duration);
            var random = new Random(7);
            await Task.WhenAll(lanes.Select(lane => lane.SendAsync(TimeSpan.FromMilliseconds(random.Next(PauseMs)), TimeSpan.FromMilliseconds(PauseMs), stop.Token)));
            foreach (var lane in lanes)
                await lane.DisposeAsync();
            return [.. lanes.SelectMany(lane => lane.Latencies).Order()];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double At(List<double> sorted, double part) => sorted[(int)Math.Min(sorted.Count - 1, part * sorted.Count)];

    /// <summary>An agent with a run, and the page that watches it, if one does.</summary>
    private sealed class Watched(BenchAgent agent, BenchRun run, Page? page) : IAsyncDisposable
    {
        public List<double> Latencies { get; } = [];

        public static async Task<Watched> ConnectAsync(Uri server, string name, HttpClient? http, CancellationToken cancellationToken)
        {
            var agent = await BenchAgent.ConnectAsync(server, name, cancellationToken);
            return new Watched(agent, BenchRun.Of(name, 500), http is null ? null : new Page(await http.GetStreamAsync($"/live?run={name}", cancellationToken)));
        }

        /// <summary>One event after the other until the time is up; a viewed one is timed.</summary>
        public async Task SendAsync(TimeSpan first, TimeSpan pause, CancellationToken cancellationToken)
        {
            try
            {
                await Task.Delay(first, cancellationToken);
                foreach (var runEvent in run.Events)
                {
                    var sent = Stopwatch.GetTimestamp();
                    var answer = await agent.PostAsync(new EventBatch(run.RunId, 0, [runEvent]), cancellationToken);
                    if (page is not null)
                        Latencies.Add(Stopwatch.GetElapsedTime(sent, await page.HearAsync(sent, cancellationToken)).TotalMilliseconds);
                    await answer;
                    await Task.Delay(pause, cancellationToken);
                }
            }
            catch (OperationCanceledException)
            {
                // The time is up.
            }
        }

        public async ValueTask DisposeAsync()
        {
            page?.Dispose();
            await agent.DisposeAsync();
        }
    }

    /// <summary>An open page, with the moment of each ping that reached it; one from before, of an agent that arrived, is no answer.</summary>
    private sealed class Page : IDisposable
    {
        private readonly StreamReader stream;
        private readonly Channel<long> pings = Channel.CreateUnbounded<long>();

        public Page(Stream stream)
        {
            this.stream = new StreamReader(stream);
            _ = ReadAsync();
        }

        public async Task<long> HearAsync(long after, CancellationToken cancellationToken)
        {
            while (true)
            {
                if (await pings.Reader.ReadAsync(cancellationToken) is var ping && ping > after)
                    return ping;
            }
        }

        public void Dispose() => stream.Dispose();

        private async Task ReadAsync()
        {
            try
            {
                while (await stream.ReadLineAsync() is { } line)
                {
                    if (line.StartsWith("data:", StringComparison.Ordinal))
                        pings.Writer.TryWrite(Stopwatch.GetTimestamp());
                }
                pings.Writer.TryComplete(new IOException("the server ended the page's stream"));
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
            {
                pings.Writer.TryComplete(exception);
            }
        }
    }
}
