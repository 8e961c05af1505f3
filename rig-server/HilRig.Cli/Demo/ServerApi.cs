using System.Net.Http.Json;
using HilRig.Model.Flags;
using HilRig.Model.Runs;

namespace HilRig.Cli.Demo;

/// <summary>The server as a client of its API sees it.</summary>
public sealed class ServerApi(Uri server) : IDisposable
{
    private readonly HttpClient client = new() { BaseAddress = server, Timeout = TimeSpan.FromSeconds(20) };

    /// <summary>Orders a run; answers its id.</summary>
    public async Task<string> OrderAsync(string place, string sequenceFile, string imageFile, int cycles, int seed, CancellationToken cancellationToken)
    {
        var order = new
        {
            place,
            sequenceName = Path.GetFileName(sequenceFile),
            sequence = await File.ReadAllTextAsync(sequenceFile, cancellationToken),
            imageName = Path.GetFileName(imageFile),
            image = Convert.ToBase64String(await File.ReadAllBytesAsync(imageFile, cancellationToken)),
            cycles,
            seed,
        };
        var response = await client.PostAsJsonAsync("/api/v1/runs", order, RunJson.Options, cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw new IOException($"the server refused a run on {place}: {await response.Content.ReadAsStringAsync(cancellationToken)}");
        var accepted = await response.Content.ReadFromJsonAsync<Accepted>(RunJson.Options, cancellationToken);
        return accepted?.RunId ?? throw new IOException("the server accepted a run without giving its id");
    }

    public Task<List<RunSummary>> RunsAsync(CancellationToken cancellationToken) => GetAsync<RunSummary>("/api/v1/runs", cancellationToken);

    public Task<List<Flag>> FlagsAsync(CancellationToken cancellationToken) => GetAsync<Flag>("/api/v1/flags", cancellationToken);

    public Task<List<RunEvent>> EventsAsync(string runId, long after, CancellationToken cancellationToken) =>
        GetAsync<RunEvent>($"/api/v1/runs/{runId}/events?after={after}", cancellationToken);

    public void Dispose() => client.Dispose();

    private async Task<List<T>> GetAsync<T>(string path, CancellationToken cancellationToken) =>
        await client.GetFromJsonAsync<List<T>>(path, RunJson.Options, cancellationToken) ?? [];

    private sealed record Accepted(string RunId);
}
