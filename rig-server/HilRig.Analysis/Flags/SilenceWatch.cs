using HilRig.Model.Runs;

namespace HilRig.Analysis.Flags;

/// <summary>A stretch of two minutes on one agent and, where it is named, one of its hubs.</summary>
internal readonly record struct SilenceBin(string Agent, string? Hub, long Bin)
{
    private const int Seconds = 120;

    public static SilenceBin Of(StepSample sample) => new(sample.Agent, sample.Hub, sample.At.ToUnixTimeSeconds() / Seconds);

    /// <summary>Ten minutes of the whole rig: an outage of everything is one incident.</summary>
    public long RigWide => Bin / 5;
}

/// <summary>
/// Knows the storms: several boards of one agent, or of one of its hubs, silent within two minutes, in several kinds of step.
/// A fault of the product hits one kind of step on all agents, so it cannot make a storm by itself.
/// </summary>
internal sealed class SilenceWatch
{
    /// <summary>Why a silence that only one agent has seen is not flagged.</summary>
    public const string OneAgent = "on one agent only, its boards and what they hang on cannot be told apart without moving a board";

    private const int Kinds = 2;
    private readonly Dictionary<(string Agent, string? Hub), HashSet<string>> boards = [];
    private readonly Dictionary<SilenceBin, (HashSet<string> Boards, HashSet<string> Steps)> silent = [];

    /// <summary>Notes every sample's place, and a silence that nobody can attribute.</summary>
    public void Add(StepSample sample, Blame blame)
    {
        var bin = SilenceBin.Of(sample);
        Add(sample, bin with { Hub = null }, blame);
        if (bin.Hub is not null)
            Add(sample, bin, blame);
    }

    /// <summary>True in a storm, of its agent or its hub, and in the two minutes before and after it.</summary>
    public bool IsStorm(SilenceBin bin) => IsStormThere(bin with { Hub = null }) || (bin.Hub is not null && IsStormThere(bin));

    private void Add(StepSample sample, SilenceBin bin, Blame blame)
    {
        if (!boards.TryGetValue((bin.Agent, bin.Hub), out var places))
            boards[(bin.Agent, bin.Hub)] = places = [];
        places.Add(sample.Place);
        if (blame is not Blame.Undetermined)
            return;
        if (!silent.TryGetValue(bin, out var seen))
            silent[bin] = seen = ([], []);
        seen.Boards.Add(sample.Place);
        seen.Steps.Add(sample.Step);
    }

    private bool IsStormThere(SilenceBin bin) =>
        Enumerable.Range(-1, 3).Any(near => silent.TryGetValue(bin with { Bin = bin.Bin + near }, out var seen)
            && seen.Boards.Count >= Needed(boards[(bin.Agent, bin.Hub)].Count)
            && seen.Steps.Count >= Kinds);

    /// <summary>Three boards; half of them where the agent or hub has fewer than six, but never a single one.</summary>
    internal static int Needed(int boards) => boards < 6 ? Math.Max(2, (boards + 1) / 2) : 3;
}
