using System.Net.Http.Json;
using HilRig.Model.Flags;
using HilRig.Model.Runs;

namespace HilRig.Tests.SystemTests;

/// <summary>A server and an agent as processes, for one virtual board; each can be killed and started again.</summary>
public sealed class TestRig : IAsyncDisposable
{
    private readonly TestBoard board;
    private readonly string folder = Directory.CreateTempSubdirectory("hilrig-rig-").FullName;
    private readonly int port = TestBoard.FreePort();
    private readonly HttpClient client;

    private readonly string[] agentOptions;

    private readonly string[] serverOptions;

    private bool isLimited;

    private TestRig(TestBoard board, string[] serverOptions, string[] agentOptions)
    {
        this.board = board;
        this.serverOptions = serverOptions;
        this.agentOptions = agentOptions;
        client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
    }

    public Child? Server { get; private set; }

    public Child? Agent { get; private set; }

    /// <summary>Where the agent keeps its journals.</summary>
    public string Journals => Path.Combine(folder, "agent", "runs");

    public static Task<TestRig> StartAsync(TestBoard board, params string[] agentOptions) => StartAsync(board, [], agentOptions);

    /// <summary>With an agent whose disk can be filled by <see cref="Child.Limit"/>.</summary>
    public static Task<TestRig> StartLimitedAsync(TestBoard board) => StartAsync(new TestRig(board, [], []) { isLimited = true });

    public static Task<TestRig> StartAsync(TestBoard board, string[] serverOptions, string[] agentOptions) => StartAsync(new TestRig(board, serverOptions, agentOptions));

    private static async Task<TestRig> StartAsync(TestRig rig)
    {
        try
        {
            await rig.StartServerAsync();
            await rig.StartAgentAsync();
            return rig;
        }
        catch
        {
            await rig.DisposeAsync();
            throw;
        }
    }

    public async Task StartServerAsync()
    {
        Server?.Dispose();
        Server = Child.Start("hilrig-server", ["--data", Path.Combine(folder, "server"), "--port", $"{port}", .. serverOptions]);
        await Server.WaitForAsync(" ready: ");
    }

    public Task StartAgentAsync()
    {
        LaunchAgent();
        return Agent!.WaitForAsync(" ready: ");
    }

    /// <summary>Starts the agent and does not wait for it.</summary>
    public void LaunchAgent()
    {
        Agent?.Dispose();
        string[] arguments = ["serve", "--server", $"http://127.0.0.1:{port}", "--places", board.PlacesFile, "--name", "a", "--data", Path.Combine(folder, "agent"), .. agentOptions];
        Agent = isLimited ? Child.StartLimited("hilrig-agent", arguments) : Child.Start("hilrig-agent", arguments);
    }

    /// <summary>Orders a run of a sequence with the small shipped image; answers its id.</summary>
    public async Task<string> OrderAsync(string sequence, int cycles)
    {
        var image = await File.ReadAllBytesAsync(TestBoard.RepositoryFile("test-suites/images/app-6k.bin"));
        var response = await client.PostAsJsonAsync(
            "/api/v1/runs",
            new { place = board.Place, sequenceName = "s.yaml", sequence, imageName = "app-6k.bin", image = Convert.ToBase64String(image), cycles, seed = 5 },
            RunJson.Options);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<Accepted>(RunJson.Options))!.RunId;
    }

    /// <summary>The run once it satisfies <paramref name="condition"/>; fails the test where it does not within <paramref name="seconds"/>.</summary>
    public async Task<RunSummary> WaitForRunAsync(string runId, Func<RunSummary, bool> condition, int seconds = 90)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        RunSummary? last = null;
        while (!timeout.IsCancellationRequested)
        {
            last = await FindRunAsync(runId);
            if (last is not null && condition(last))
                return last;
            await Task.Delay(100, CancellationToken.None);
        }
        throw new TimeoutException($"run {runId} did not get there within {seconds} s; last seen: {last}\nserver:\n{Server?.Output}\nagent:\n{Agent?.Output}");
    }

    /// <summary>The run as the server lists it; null before its first event.</summary>
    public async Task<RunSummary?> FindRunAsync(string runId) =>
        (await GetAsync<List<RunSummary>>("/api/v1/runs?limit=1000")).Find(run => run.RunId == runId);

    public Task<List<RunEvent>> EventsAsync(string runId) => GetAsync<List<RunEvent>>($"/api/v1/runs/{runId}/events?limit=10000");

    public Task<List<Flag>> FlagsAsync() => GetAsync<List<Flag>>("/api/v1/flags");

    /// <summary>What the server found out about flags by itself.</summary>
    public Task<List<InvestigationReport>> InvestigationsAsync() => GetAsync<List<InvestigationReport>>("/api/v1/investigations");

    /// <summary>A content that the server holds.</summary>
    public Task<byte[]> ContentAsync(string path) => client.GetByteArrayAsync(path);

    /// <summary>A page's HTML.</summary>
    public Task<string> PageAsync(string path) => client.GetStringAsync(path);

    public async ValueTask DisposeAsync()
    {
        Agent?.Dispose();
        Server?.Dispose();
        client.Dispose();
        await Task.Yield();
        Directory.Delete(folder, recursive: true);
    }

    private async Task<T> GetAsync<T>(string path) => (await client.GetFromJsonAsync<T>(path, RunJson.Options))!;

    private sealed record Accepted(string RunId);
}
