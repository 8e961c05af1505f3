using HilRig.Agent.Running;
using HilRig.VirtualBoard.Bootloader;

namespace HilRig.Bench.Corpus;

/// <summary>One repetition of a fault: what the bench consists of and what the agent is told to do on it.</summary>
/// <param name="Steps">Of every cycle, as YAML.</param>
public sealed record Trial(string Steps)
{
    /// <summary>An update and what a night does around it.</summary>
    public const string Night = """
          - choose:
              - reset: {by: bootloader}
              - reset: {by: probe}
              - reset: {by: power}
              - []
          - erase-region
          - update
          - verify: {by: swd}
          - verify: {by: bootloader}
        """;

    public int Cycles { get; init; } = 3;

    /// <summary>What updates write.</summary>
    public required byte[] Image { get; init; }

    /// <summary>Bytes; where a raw image goes.</summary>
    public uint? Address { get; init; }

    /// <summary>On the board under test and on its twin.</summary>
    public Release Release { get; init; } = Named("kboot-2.0.0-stock");

    /// <summary>On the reference board: another than <see cref="Release"/>, and a good one.</summary>
    public Release Reference => Release.Name == "kboot-2.0.2-fixed" ? Named("kboot-2.0.0-stock") : Named("kboot-2.0.2-fixed");

    /// <summary>Armed on the board under test alone.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    /// <summary>How the place under test is wired, given its own doors and its twin's.</summary>
    public Func<Doors, Doors, Doors> Wiring { get; init; } = (own, _) => own;

    /// <summary>Files beside the sequence.</summary>
    public IReadOnlyDictionary<string, byte[]> Beside { get; init; } = new Dictionary<string, byte[]>();

    /// <summary>What the run begins with, where that is not the usual.</summary>
    public Func<RunPlan, RunPlan> Plan { get; init; } = plan => plan;

    /// <summary>What happens while the run goes on, from its first event to its end.</summary>
    public Func<TrialBench, CancellationToken, Task> Meanwhile { get; init; } = (_, _) => Task.CompletedTask;

    /// <summary>The usual sequence with an image of its own; <paramref name="faults"/> are armed on the board under test.</summary>
    public static Trial OfNight(Random random, params string[] faults) => new(Night) { Image = Application(random), Faults = faults };

    public static byte[] Application(Random random) =>
        FirmwareImage.BuildApplication(random.Next(36, 180) * 32, random.Next(), "app", dataCache: false);

    public static Release Named(string name) => Release.All.Concat(Release.Lying).First(release => release.Name == name);
}

/// <summary>Where a place says its board is.</summary>
public sealed record Doors(string Serial, string Probe, string Power);
