using HilRig.Agent.Running;

namespace HilRig.Bench.Chaos;

/// <summary>An agent with one board, its journals, and the network between it and the server.</summary>
internal sealed class ChaosAgent(ChaosBoard board, string folder, Turbulence network) : IDisposable
{
    private readonly string data = Path.Combine(folder, $"agent-{board.Name}");
    private readonly string places = Path.Combine(folder, $"{board.Name}.yaml");

    public ChaosBoard Board => board;

    public Turbulence Network => network;

    public Child Process { get; private set; } = null!;

    public string Journals => new StateFolder(data).Runs;

    /// <summary>The board did not come back after a run, and somebody has to prove it.</summary>
    public bool IsWedged => Directory.Exists(new StateFolder(data).Wedged) && Directory.EnumerateFiles(new StateFolder(data).Wedged).Any();

    public async Task StartAsync()
    {
        await File.WriteAllTextAsync(places, $"places:\n{board.PlaceEntry}\n");
        // Its clock is set anew now and then, by up to ten minutes.
        Process = Child.StartLimited("HilRig.Bench", "serve", "--server", $"{network.Url}", "--places", places, "--name", $"a-{board.Name}", "--data", data, "--after-crash", "resume");
        await Process.WaitForAsync(" ready: ");
    }

    /// <param name="look">Sees the folder of journals while nobody holds them.</param>
    public async Task RestartAsync(Action<string> look)
    {
        await Process.CrashAsync();
        KeepWords();
        Process.Dispose();
        look(Journals);
        await StartAsync();
    }

    /// <summary>What a person does about a board that is out of rotation; true where it was proven.</summary>
    public async Task<bool> UnwedgeAsync()
    {
        using var proof = Child.Start("hilrig-agent", "unwedge", "--place", board.Name, "--places", places, "--data", data);
        return await proof.ExitAsync(TimeSpan.FromMinutes(2)) == 0;
    }

    /// <summary>What its process has said stays beside its data.</summary>
    public void KeepWords() => File.AppendAllText($"{data}.out", Process.Output + "\n");

    public void Dispose() => Process?.Dispose();
}
