using HilRig.Analysis.Rates;
using HilRig.Analysis.SignOff;
using HilRig.Model.Campaigns;
using HilRig.Model.Runs;

namespace HilRig.Analysis.Campaigns;

/// <summary>Counts a campaign's cycles by the rules of a sign-off, and says what they amount to.</summary>
/// <remarks>
/// The number of cycles is fixed by the goal before the first one, and no more are ordered; so the bound at the end is the claim, although
/// anybody may watch it shrink. A miss is decided by the failure that is one too many, which no later cycle could undo.
/// </remarks>
public static class CampaignCount
{
    public const string CutRule = "cut: the cycle was cut short and has no verdict";
    public const string OtherBytesRule = "release: the board ran other bytes than the campaign's first";
    private const int PatienceWithPlace = 3;

    /// <summary>Countable cycles that the goal needs, or runs.</summary>
    public static long TargetOf(CampaignGoal goal) =>
        goal.Runs ?? ZeroFailurePlan.Cycles(goal.AllowedFailures ?? 0, goal.Limit!.Value, goal.Confidence);

    /// <param name="since">When it was last resumed; a place is judged by its runs since then.</param>
    public static CampaignProgress Of(CampaignPlan plan, IReadOnlyList<CampaignRun> runs, DateTimeOffset since)
    {
        var release = FirstRelease(runs);
        var counted = runs.SelectMany(run => Countable(run, release)).ToList();
        var (trials, failures) = ((int)counted.Sum(cycle => cycle.Count), (int)counted.Where(cycle => cycle.Verdict > Verdict.Pass).Sum(cycle => cycle.Count));
        var completed = runs.Count(run => run.Begun?.Ended is { Reason: EndReason.Completed } && IsOf(run, release));
        return new CampaignProgress(
            TargetOf(plan.Goal),
            plan.Goal.Runs is null ? trials : completed,
            Wilson.Rate(failures, trials),
            ZeroFailurePlan.Bound(failures, Math.Max(1, trials), plan.Goal.Confidence),
            VoidedOf(runs, release),
            runs.Where(run => Countable(run, release).Any()).Select(run => run.Begun!.Started.BoardId).Distinct().Count(),
            runs.Count(run => !run.IsOpen && run.Begun is not null),
            runs.Count(run => run.IsOpen),
            [.. runs.GroupBy(run => run.Place).Where(place => IsSetAside(place, release, since)).Select(place => place.Key).Order(StringComparer.Ordinal)]);
    }

    /// <summary>Where it stood after each run that brought countable cycles, in the order of time; of more than <paramref name="most"/> only some, always the last.</summary>
    public static IReadOnlyList<CampaignPoint> CourseOf(CampaignPlan plan, IReadOnlyList<CampaignRun> runs, int most)
    {
        var release = FirstRelease(runs);
        var (trials, failures) = (0, 0);
        var counts = new List<(DateTimeOffset At, int Failures, int Trials)>();
        foreach (var run in runs.Where(run => Countable(run, release).Any()).OrderBy(run => run.Begun!.LastEventAt))
        {
            trials += (int)Countable(run, release).Sum(cycle => cycle.Count);
            failures += (int)Countable(run, release).Where(cycle => cycle.Verdict > Verdict.Pass).Sum(cycle => cycle.Count);
            counts.Add((run.Begun!.LastEventAt, failures, trials));
        }
        var step = Math.Max(1, (counts.Count + most - 1) / most);
        return
        [
            .. counts.Where((_, index) => (counts.Count - 1 - index) % step == 0)
                .Select(count => new CampaignPoint(count.At, Wilson.Rate(count.Failures, count.Trials), ZeroFailurePlan.Bound(count.Failures, count.Trials, plan.Goal.Confidence))),
        ];
    }

    /// <summary>Met, missed, or null while it is open.</summary>
    public static (CampaignState State, string Because)? Decide(CampaignPlan plan, CampaignProgress progress)
    {
        var goal = plan.Goal;
        if (progress.Rate.Failures > (goal.AllowedFailures ?? (goal.Runs is null ? 0 : int.MaxValue)))
            return (CampaignState.Missed, $"{progress.Rate.Failures} of {progress.Rate.Trials} cycles failed; the goal allows {goal.AllowedFailures ?? 0}");
        if (progress.Done < progress.Target || progress.Boards < plan.Boards)
            return null;
        return (CampaignState.Met, goal.Runs is { } wanted
            ? $"{wanted} runs are completed, {progress.Rate.Failures} of {progress.Rate.Trials} cycles failed"
            : $"{progress.Rate.Failures} of {progress.Rate.Trials} cycles failed on {progress.Boards} {(progress.Boards == 1 ? "board" : "boards")}: failure of a cycle is below {progress.Bound:0.####%} at {goal.Confidence:0.##%}");
    }

    /// <summary>Cycles, or runs, that may still be ordered for a place, so that neither goal nor the place's share is exceeded; 0 for none.</summary>
    public static long LeftFor(string place, CampaignPlan plan, IReadOnlyList<CampaignRun> runs, CampaignProgress progress)
    {
        if (progress.SetAside.Contains(place))
            return 0;
        var open = plan.Goal.Runs is null ? runs.Sum(run => run.Expected) : progress.RunsOpen;
        var share = (progress.Target + plan.Boards - 1) / plan.Boards;
        return Math.Max(0, Math.Min(progress.Target - progress.Done - open, share - TakenBy(place, plan, runs)));
    }

    private static long TakenBy(string place, CampaignPlan plan, IReadOnlyList<CampaignRun> runs)
    {
        var release = FirstRelease(runs);
        var here = runs.Where(run => run.Place == place);
        return plan.Goal.Runs is null
            ? here.Sum(run => run.Expected + Countable(run, release).Sum(cycle => cycle.Count))
            : here.Count(run => run.IsOpen || run.Begun?.Ended?.Reason is EndReason.Completed);
    }

    /// <summary>The bytes that the claim is of: those that the first board to begin reported.</summary>
    private static string? FirstRelease(IReadOnlyList<CampaignRun> runs) =>
        runs.Where(run => run.Begun is { Started.ReleaseDigest.Length: > 0 }).MinBy(run => run.Begun!.StartedAt)?.Begun!.Started.ReleaseDigest;

    private static bool IsOf(CampaignRun run, string? release) => run.Begun!.Started.ReleaseDigest is var digest && (digest.Length == 0 || digest == release);

    private static IEnumerable<CycleCount> Countable(CampaignRun run, string? release) => run.Begun is not null && IsOf(run, release)
        ? run.Outcomes.Where(cycle => cycle.Verdict is not Verdict.NotSet && SignOffSamples.VoidedBy(cycle.Verdict, cycle.Layer) is null)
        : [];

    private static List<Voided> VoidedOf(IReadOnlyList<CampaignRun> runs, string? release)
    {
        var cycles = runs.Where(run => run.Begun is not null).SelectMany(run => run.Outcomes.Select(cycle => (Reason: ReasonOf(run, cycle, release), cycle.Count)));
        var barren = runs.Where(run => run is { IsOpen: false, Begun.Ended: { Reason: not EndReason.Completed } } && run.Outcomes.Count == 0)
            .Select(run => (Reason: (string?)$"run without a cycle: {StateWord(run.Begun!.Ended!.Reason)}", Count: 1L));
        return
        [
            .. cycles.Concat(barren).Where(entry => entry.Reason is not null)
                .GroupBy(entry => entry.Reason!).Select(group => new Voided(group.Key, group.Sum(entry => entry.Count))).OrderByDescending(entry => entry.Count),
        ];
    }

    private static string? ReasonOf(CampaignRun run, CycleCount cycle, string? release)
    {
        if (cycle.Verdict is Verdict.NotSet)
            return run.IsOpen ? null : CutRule;
        return IsOf(run, release) ? SignOffSamples.VoidedBy(cycle.Verdict, cycle.Layer) : OtherBytesRule;
    }

    private static bool IsSetAside(IEnumerable<CampaignRun> ofPlace, string? release, DateTimeOffset since)
    {
        var newest = ofPlace.Where(run => run is { IsOpen: false, Begun.Ended: { Reason: not EndReason.Aborted } } && run.OrderedAt >= since)
            .OrderByDescending(run => run.OrderedAt).Take(PatienceWithPlace).ToList();
        return newest.Count == PatienceWithPlace && newest.TrueForAll(run => !Countable(run, release).Any());
    }

    private static string StateWord(EndReason reason) => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(reason.ToString()).Replace('-', ' ');
}
