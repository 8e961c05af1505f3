using HilRig.Model.Nights;
using HilRig.Model.Runs;

namespace HilRig.Analysis.Nights;

/// <summary>
/// Time in which a board could have worked and did not, by the rig's fault: from a run's end that the rig caused to the next run there, and
/// cycles that it spoiled, each as long as the run's mean.
/// </summary>
internal static class LostToTheRig
{
    public static IReadOnlyList<LostTime> In(IReadOnlyList<RunSummary> runs, IReadOnlyList<PlaceState> places, DateTimeOffset from, DateTimeOffset to)
    {
        var inTrouble = places.Where(place => place.Trouble is not null).Select(place => place.Name).ToHashSet(StringComparer.Ordinal);
        var lost = new List<LostTime>();
        foreach (var place in runs.GroupBy(run => run.Started.Place))
        {
            var inOrder = place.OrderBy(run => run.StartedAt).ToList();
            foreach (var (index, run) in inOrder.Index())
            {
                if (SpoiltIn(run) is { } spoilt)
                    lost.Add(spoilt);
                if (run.Ended is not { } ended || WordOf(ended.Reason) is not { } word || run.LastEventAt < from || run.LastEventAt >= to)
                    continue;
                var next = index + 1 < inOrder.Count ? inOrder[index + 1].StartedAt : (DateTimeOffset?)null;
                // Without a next run it waited only where it could not have had one.
                var until = next ?? (inTrouble.Contains(place.Key) ? to : null);
                lost.Add(new LostTime(place.Key, $"{word}: {ended.Message}", run.LastEventAt, until - run.LastEventAt, run.RunId));
            }
        }
        return [.. lost.OrderByDescending(one => one.Time ?? TimeSpan.Zero).ThenBy(one => one.At)];
    }

    private static LostTime? SpoiltIn(RunSummary run) =>
        run.CyclesByVerdict.GetValueOrDefault(Verdict.Error) is > 0 and var spoilt && run.CyclesDone > 0
            ? new LostTime(run.Started.Place, $"{spoilt} {(spoilt == 1 ? "cycle" : "cycles")} ended in an error of the rig", run.StartedAt, (run.LastEventAt - run.StartedAt) / run.CyclesDone * spoilt, run.RunId)
            : null;

    private static string? WordOf(EndReason reason) => reason switch
    {
        EndReason.AgentLost => "agent lost",
        EndReason.RigLost => "rig lost",
        EndReason.BoardWedged => "board wedged",
        EndReason.DiskFull => "agent's disk full",
        _ => null,
    };
}
