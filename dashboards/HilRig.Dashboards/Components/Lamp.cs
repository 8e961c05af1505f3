using HilRig.Model.Runs;

namespace HilRig.Dashboards.Components;

/// <summary>What the newest run of a place found of one part of its rig.</summary>
public enum LampState
{
    /// <summary>Nothing ran that would have told.</summary>
    Unknown,

    /// <summary>The run used it, and it did its work.</summary>
    Good,

    /// <summary>A step failed by it, or the run ended by it.</summary>
    Bad,

    /// <summary>The place has none.</summary>
    NotFitted,
}

/// <summary>One of a place's lamps: its rig as its newest run found it, which is not to say that it is so now.</summary>
/// <param name="Part">As the agent names it where a failure is raised: serial, probe, power.</param>
/// <param name="Because">In words, with the run.</param>
public sealed record Lamp(string Part, LampState State, string Because)
{
    private static readonly string[] Parts = ["serial", "probe", "power"];

    /// <param name="runs">The place's own, of the time that counts.</param>
    public static IReadOnlyList<Lamp> Of(PlaceState place, IReadOnlyList<RunSummary> runs)
    {
        var newest = runs.MaxBy(run => run.StartedAt);
        return [.. Parts.Select(part => part == "power" && !place.SwitchesPower ? new Lamp(part, LampState.NotFitted, "nothing switches its power") : Of(part, newest))];
    }

    private static Lamp Of(string part, RunSummary? run)
    {
        if (run is null)
            return new Lamp(part, LampState.Unknown, "nothing ran lately that would tell");
        if (run.Ended is { Part: var ended, Message: var message } && ended == part)
            return new Lamp(part, LampState.Bad, $"{run.RunId} ended by it: {message}");
        var failed = run.StepFailures.Where(failure => failure.Key.Contains($" · {part} · ", StringComparison.Ordinal)).Sum(failure => failure.Value);
        if (failed > 0)
            return new Lamp(part, LampState.Bad, $"{Words.Count(failed, "step", "steps")} of {run.RunId} failed by it");
        return run.CyclesDone > 0 ? new Lamp(part, LampState.Good, $"{run.RunId} used it") : new Lamp(part, LampState.Unknown, $"{run.RunId} has not come to it");
    }
}
