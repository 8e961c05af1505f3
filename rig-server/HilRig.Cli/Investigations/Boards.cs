using HilRig.Model;
using HilRig.Model.Runs;
using HilRig.Model.Sequences;

namespace HilRig.Cli.Investigations;

/// <summary>What one place did of a run.</summary>
/// <param name="Seed">Of its choices.</param>
internal sealed record PlaceRun(string Place, int Seed, IReadOnlyList<RunEvent> Events);

/// <summary>The boards that an experiment may use, all at the same time.</summary>
internal sealed class Boards
{
    private readonly IReadOnlyList<AgentSetup> setups;

    /// <param name="folder">For sequences, events and journals; each place has a folder of its own in it.</param>
    public Boards(string places, IReadOnlyList<string> names, string? image, string folder)
    {
        if (names.Distinct().Count() != names.Count)
            throw new BadInputException($"--place: {string.Join(", ", names)} names a place twice; give each once");
        Folder = folder;
        setups = [.. names.Select(name => new AgentSetup(places, name, image, names.Count == 1 ? folder : Directory.CreateDirectory(Path.Combine(folder, name)).FullName))];
    }

    public string Folder { get; }

    public IReadOnlyList<string> Places => [.. setups.Select(setup => setup.Place)];

    /// <summary>So many cycles in all, shared out among the boards.</summary>
    public async Task<IReadOnlyList<PlaceRun>> ShareAsync(string name, string sequence, int cycles, int seed, CancellationToken cancellationToken)
    {
        var shares = setups.Select((setup, index) => (Setup: setup, Cycles: cycles / setups.Count + (index < cycles % setups.Count ? 1 : 0), Seed: seed + 1000 * index)).Where(share => share.Cycles > 0);
        // A sequence that makes an image of its own is not to be given another.
        var hasImage = SequenceFile.Parse(name, sequence).Image is { Size: not null };
        return await Task.WhenAll(shares.Select(async share => new PlaceRun(share.Setup.Place, share.Seed, await AgentRun.RunAsync(hasImage ? share.Setup with { Image = null } : share.Setup, name, sequence, share.Cycles, share.Seed, cancellationToken))));
    }

    /// <summary>So many cycles on each board, with this release in it.</summary>
    public async Task<IReadOnlyList<PlaceRun>> RunOnReleaseAsync(string release, string sequence, int cycles, int seed, CancellationToken cancellationToken) =>
        await Task.WhenAll(setups.Select((setup, index) => RunOnReleaseAsync(setup, release, sequence, cycles, seed + 1000 * index, cancellationToken)));

    /// <summary>The release is installed by a run of its own: a run keeps the name of the release that it began with.</summary>
    private static async Task<PlaceRun> RunOnReleaseAsync(AgentSetup setup, string release, string sequence, int cycles, int seed, CancellationToken cancellationToken)
    {
        var install = $"sequence: install\nboard: {SequenceFile.Parse("sequence", sequence).BoardType}\nsteps:\n  - install-release: {{release: {release}}}\n";
        var installed = await AgentRun.RunAsync(setup with { Image = null }, "install", install, 1, 1, cancellationToken);
        if (installed.Select(runEvent => runEvent.Body).OfType<RunEnded>().LastOrDefault() is not { Verdict: Verdict.Pass } end)
            throw new IOException($"place {setup.Place}: {release} could not be installed: {installed.Select(runEvent => runEvent.Body).OfType<StepEnded>().LastOrDefault()?.Failure?.Message ?? "the run did not end well"}");
        var name = Path.GetFileNameWithoutExtension(release);
        return new PlaceRun(setup.Place, seed, await AgentRun.RunAsync(setup with { Release = name }, "on-" + name, sequence, cycles, seed, cancellationToken));
    }
}
