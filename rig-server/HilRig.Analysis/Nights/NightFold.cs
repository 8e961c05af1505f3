using HilRig.Analysis.Rates;
using HilRig.Model.Flags;
using HilRig.Model.Nights;
using HilRig.Model.Runs;

namespace HilRig.Analysis.Nights;

/// <summary>Makes a night's report from what is known of runs, flags and places.</summary>
public static class NightFold
{
    /// <param name="runs">Those that may have been under way in the night, in any order.</param>
    /// <param name="isCut">There were more than these.</param>
    public static NightReport Of(
        Night night, IReadOnlyList<RunSummary> runs, bool isCut, IReadOnlyList<Flag> flags, IReadOnlyList<PlaceState> places, IReadOnlyList<NightGoal> goals, DateTimeOffset now)
    {
        var (from, to) = (night.From, night.To);
        var own = runs.Where(run => run.StartedAt < to && (run.LastEventAt >= from || run.IsRunning)).ToList();
        var counted = own.Where(run => InvestigationRun.TellsARate(run.RunId, run.Started)).ToList();
        var all = CycleTally.Of(counted);
        var accusing = flags.Where(flag => flag.IsAccusing && flag.FirstSeen < to && flag.LastSeen >= from).ToLookup(flag => NoveltyOf(flag, from, to));
        return new NightReport(
            night.Date, night.Zone.Id, from, to, now,
            own.Count, own.Count(run => run.IsRunning), own.Select(run => run.Started.Place).Distinct().Count(),
            all.Cycles, all.Voided,
            [.. counted.GroupBy(run => (run.Started.Sequence, run.Started.Release)).Select(WorkOf).OrderByDescending(work => work.Cycles.Failures).ThenBy(work => work.Sequence, StringComparer.Ordinal)],
            [.. accusing[Novelty.New]], [.. accusing[Novelty.Changed]], [.. accusing[Novelty.Again]],
            [.. places.Where(place => place.Action is not null).Select(place => new HandsNeeded(place.Name, place.Trouble!, place.Action!))],
            LostToTheRig.In(own, places, from, now < to ? now : to),
            goals,
            isCut);
    }

    private enum Novelty
    {
        New,
        Changed,
        Again,
    }

    private static Novelty NoveltyOf(Flag flag, DateTimeOffset from, DateTimeOffset to) => flag.FirstSeen >= from ? Novelty.New
        : flag.Changes.Any(change => change.Latest >= from && change.Earliest < to) ? Novelty.Changed
        : Novelty.Again;

    private static NightWork WorkOf(IGrouping<(string Sequence, string Release), RunSummary> runs)
    {
        var tally = CycleTally.Of(runs);
        return new NightWork(
            runs.Key.Sequence, runs.Key.Release, runs.Count(), runs.Count(run => run.IsRunning), tally.Cycles, tally.Voided,
            [.. runs.Select(run => run.Started.Place).Distinct().Order(StringComparer.Ordinal)]);
    }
}
