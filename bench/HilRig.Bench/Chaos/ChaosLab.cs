using System.Net.Http.Json;
using HilRig.Model.Runs;
using HilRig.Server.Api;
using HilRig.Bench.Probe;

namespace HilRig.Bench.Chaos;

/// <summary>A server, agents and boards as processes, and whoever orders runs from it. The first board is sick, so that there is somebody to blame.</summary>
internal sealed class ChaosLab : IAsyncDisposable
{
    private const int QueueAhead = 2;
    private readonly int port = BoardProcess.FreePorts(1);
    private readonly List<Turbulence> networks = [];
    private readonly Random random;
    private readonly HttpClient client;
    private readonly Dictionary<string, string> orders = [];
    private int ordinal;

    public ChaosLab(string folder, int boards, int seed)
    {
        Folder = folder;
        random = new Random(seed);
        client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(20) };
        for (var number = 1; number <= boards; number++)
        {
            networks.Add(new Turbulence(() => port, random.Next()));
            Agents.Add(new ChaosAgent(new ChaosBoard($"kv58-{number}", folder, isSick: number == 1, new Random(random.Next())), folder, networks[^1]));
        }
    }

    public string Folder { get; }

    public string Database => Path.Combine(Folder, "server", "hilrig.db");

    public List<ChaosAgent> Agents { get; } = [];

    public Child Server { get; private set; } = null!;

    /// <summary>Runs whose order the server has accepted, with their place.</summary>
    public IReadOnlyDictionary<string, string> Accepted => orders;

    public int Cuts => networks.Sum(network => network.Cuts);

    public async Task StartAsync()
    {
        await StartServerAsync();
        await Task.WhenAll(Agents.Select(async agent =>
        {
            await agent.Board.StartAsync();
            await agent.StartAsync();
        }));
    }

    public async Task RestartServerAsync()
    {
        await StopServerAsync();
        Server.Dispose();
        await StartServerAsync();
    }

    /// <summary>Killed, as it is each time; what it said stays beside its data.</summary>
    public async Task StopServerAsync()
    {
        await Server.CrashAsync();
        await File.AppendAllTextAsync(Path.Combine(Folder, "server.out"), Server.Output + "\n");
    }

    /// <summary>Keeps runs waiting at each place. A server that is away is asked again the next time.</summary>
    public async Task OrderAsync(CancellationToken cancellationToken)
    {
        try
        {
            var queue = await client.GetFromJsonAsync<List<QueuedRun>>("/api/v1/queue", RunJson.Options, cancellationToken) ?? [];
            foreach (var place in Agents.Select(agent => agent.Board.Name).Where(place => queue.Count(queued => queued.Place == place) < QueueAhead))
            {
                ordinal++;
                var response = await client.PostAsJsonAsync("/api/v1/runs", ChaosSequence.Order(place, ordinal, random.Next()), RunJson.Options, cancellationToken);
                if (response.IsSuccessStatusCode && await response.Content.ReadFromJsonAsync<RunAccepted>(RunJson.Options, cancellationToken) is { } accepted)
                    orders[accepted.RunId] = place;
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException || (exception is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // Killed, stopped or busy: what it accepted without saying so is found in its database.
        }
    }

    /// <summary>Null while the server cannot be asked; else what has not come to its end yet.</summary>
    public async Task<IReadOnlyList<string>?> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            var queue = await client.GetFromJsonAsync<List<QueuedRun>>("/api/v1/queue", RunJson.Options, cancellationToken) ?? [];
            var runs = await client.GetFromJsonAsync<List<RunSummary>>("/api/v1/runs?limit=1000", RunJson.Options, cancellationToken) ?? [];
            return
            [
                .. queue.Select(queued => $"{queued.RunId} waits: {queued.Waiting}"),
                .. runs.Where(run => run.IsRunning).Select(run => $"{run.RunId} has not ended ({run.CyclesDone} of {run.Started.Cycles} cycles)"),
                .. Agents.SelectMany(agent => Directory.Exists(agent.Journals) ? Directory.GetFiles(agent.Journals) : []).Select(file => $"{Path.GetFileName(file)} is not retired"),
            ];
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException || (exception is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var agent in Agents)
        {
            agent.Dispose();
            agent.Board.Dispose();
        }
        Server?.Dispose();
        client.Dispose();
        foreach (var network in networks)
            await network.DisposeAsync();
    }

    private async Task StartServerAsync()
    {
        Server = Child.StartLimited("hilrig-server", "--data", Path.Combine(Folder, "server"), "--port", $"{port}");
        await Server.WaitForAsync("server ready");
    }
}
