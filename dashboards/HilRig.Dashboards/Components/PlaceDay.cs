using HilRig.Model.Runs;

namespace HilRig.Dashboards.Components;

/// <summary>What a place did on one day, and what became of its runs: its health as far as runs tell it.</summary>
/// <param name="Cycles">Of runs begun on that day.</param>
/// <param name="Failed">Cycles that did not pass and count.</param>
/// <param name="Voided">Cycles that the rig spoiled or somebody stopped.</param>
/// <param name="Marginal">Steps that passed, but not at once.</param>
/// <param name="Erases">Steps that erased flash; null where none of its runs tells.</param>
/// <param name="Ends">Ends that the rig caused, in words.</param>
internal sealed record PlaceDay(DateOnly Day, int Runs, int Cycles, int Failed, int Voided, int Marginal, int? Erases, IReadOnlyList<string> Ends)
{
    /// <summary>The newest day first.</summary>
    public static IReadOnlyList<PlaceDay> Of(IReadOnlyList<RunSummary> runs, TimeZoneInfo zone) =>
    [
        .. runs.GroupBy(run => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(run.StartedAt, zone).DateTime)).OrderByDescending(day => day.Key).Select(day => new PlaceDay(
            day.Key, day.Count(), day.Sum(run => run.CyclesDone),
            day.Sum(run => Count(run, Verdict.Fail) + Count(run, Verdict.Inconclusive)),
            day.Sum(run => Count(run, Verdict.Error) + Count(run, Verdict.Aborted)),
            day.Sum(run => run.MarginalSteps),
            day.Any(run => run.EraseSteps is not null) ? day.Sum(run => run.EraseSteps) : null,
            [.. day.Where(run => run.Ended is { Reason: EndReason.AgentLost or EndReason.RigLost or EndReason.BoardWedged or EndReason.DiskFull }).Select(run => $"{Words.Of(run.Ended!.Reason)}: {run.Ended.Message}").Distinct()])),
    ];

    private static int Count(RunSummary run, Verdict verdict) => run.CyclesByVerdict.GetValueOrDefault(verdict);
}
