using HilRig.Analysis.Drift;
using HilRig.Analysis.Rates;
using HilRig.Analysis.Triggers;
using HilRig.Model.Flags;

namespace HilRig.Analysis.Flags;

/// <summary>Whether a failure became more or less frequent: in the time that was judged, or with the release.</summary>
internal static class LiveDrift
{
    /// <summary>The change within the trials of one release; null where no split is worth a claim.</summary>
    public static RateChange? Within(StepCell cell, FailureCell failure)
    {
        var failures = cell.Clock.PositionsOf(failure.Times);
        if (ChangePoint.Find(failures, cell.Trials) is not { } change)
            return null;
        var before = failures.Count(position => position < change.Trial);
        return new RateChange(
            $"{cell.Clock.At(change.Trial).UtcDateTime:yyyy-MM-dd HH:mm}",
            cell.Clock.At(change.Earliest),
            cell.Clock.At(change.Latest),
            ClopperPearson.Rate(before, change.Trial),
            ClopperPearson.Rate(failures.Count - before, cell.Trials - change.Trial),
            change.LogOdds);
    }

    /// <summary>
    /// The change from one release to the next; null where one rate explains both. The nights differ as well as the
    /// releases: only <c>compare</c>, which draws between them on the same boards, tells the two apart.
    /// </summary>
    public static RateChange? Between(StepCell before, FailureCell? failedBefore, StepCell after, FailureCell failure)
    {
        var table = new FourfoldTable(failure.Count, after.Trials, failedBefore?.Count ?? 0, before.Trials);
        return before.Trials > 0 && Math.Log(2) * table.Bits() is > ChangePoint.Claimed and var odds
            ? new RateChange($"release {after.Release}", null, null, ClopperPearson.Rate(table.OutsideFailures, table.OutsideTrials), ClopperPearson.Rate(table.InsideFailures, table.InsideTrials), odds)
            : null;
    }
}
