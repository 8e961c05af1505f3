using HilRig.Model.Runs;

namespace HilRig.Dashboards.Components;

/// <summary>What a place does, in one word. The order is that of the tiles: what needs hands comes first.</summary>
public enum RackState
{
    NeedsHands,
    Away,
    Running,
    Paused,
    Idle,
}

/// <summary>One place as the rack shows it: what it does now, and what it did in the last hours.</summary>
/// <param name="Run">The run it works on; null where it works on none.</param>
/// <param name="Cycles">Cycles done in the window.</param>
/// <param name="Failed">Those of them that did not pass.</param>
/// <param name="LastFailing">The run of the window in which a cycle failed last, or could not be judged.</param>
/// <param name="Lamps">Its rig, part by part, as the newest run of the window found it.</param>
public sealed record RackTile(PlaceState Place, RackState State, RunSummary? Run, int Cycles, int Failed, RunSummary? LastFailing, IReadOnlyList<Lamp> Lamps)
{
    /// <summary>How far back a night goes.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromHours(12);

    /// <inheritdoc cref="PlaceState.Action"/>
    public string? Action => Place.Action;

    /// <summary>When that cycle ended. Of a run that an older server stored the last event is known alone: it was then at the latest.</summary>
    public DateTimeOffset? LastFailureAt => LastFailing is { } run ? FailedAt(run) : null;

    public static IReadOnlyList<RackTile> Of(IReadOnlyList<PlaceState> places, IReadOnlyList<RunSummary> runs, DateTimeOffset now)
    {
        var recent = runs.Where(run => run.IsRunning || run.LastEventAt > now - Window).ToLookup(run => run.Started.Place);
        return
        [
            .. places
                .Select(place => Of(place, [.. recent[place.Name]]))
                .OrderBy(tile => tile.State is RackState.NeedsHands or RackState.Away ? tile.State : RackState.Running)
                .ThenBy(tile => tile.Place.Name, StringComparer.Ordinal),
        ];
    }

    private static RackTile Of(PlaceState place, List<RunSummary> runs) => new(
        place,
        StateOf(place),
        runs.FirstOrDefault(run => run.RunId == place.RunId),
        runs.Sum(run => run.CyclesDone),
        runs.Sum(Failures),
        runs.Where(run => FailedAt(run) is not null).MaxBy(FailedAt),
        Lamp.Of(place, runs));

    private static RackState StateOf(PlaceState place) => place switch
    {
        { OutOfRotation: not null } => RackState.NeedsHands,
        { AgentConnected: false } => RackState.Away,
        { RunId: not null } => RackState.Running,
        { Paused: not null } => RackState.Paused,
        _ => RackState.Idle,
    };

    private static DateTimeOffset? FailedAt(RunSummary run) => run.LastFailureAt
        ?? (run.CyclesByVerdict.Any(pair => pair.Key is Verdict.Fail or Verdict.Inconclusive or Verdict.Error && pair.Value > 0) ? run.LastEventAt : null);

    private static int Failures(RunSummary run) => run.CyclesByVerdict.Where(pair => pair.Key > Verdict.Pass).Sum(pair => pair.Value);
}
