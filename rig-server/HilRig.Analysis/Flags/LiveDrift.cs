using HilRig.Analysis.Drift;
using HilRig.Analysis.Rates;
using HilRig.Analysis.Triggers;
using HilRig.Model.Flags;

namespace HilRig.Analysis.Flags;

/// <summary>Whether a failure became more or less frequent: in the time that was judged, or with the release.</summary>
internal static class LiveDrift
{
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    /// <summary>The background that an alarm is measured against is believed to lie below its bound to 80 %.</summary>
    private const double BackgroundTail = 0.2;

    /// <summary>The change within the trials of one release; where no split is worth that claim, the last day's alarm; else null.</summary>
    public static RateChange? Within(StepCell cell, FailureCell failure)
    {
        var failures = cell.Clock.PositionsOf(failure.Times);
        if (ChangePoint.Find(failures, cell.Trials) is not { } change)
            return Alarm(cell.Clock, failures, cell.Trials);
        var before = failures.Count(position => position < change.Trial);
        return new RateChange(
            $"{cell.Clock.At(change.Trial).UtcDateTime:yyyy-MM-dd HH:mm}",
            cell.Clock.At(change.Earliest),
            cell.Clock.At(change.Latest),
            Wilson.Rate(before, change.Trial),
            Wilson.Rate(failures.Count - before, cell.Trials - change.Trial),
            change.LogOdds);
    }

    /// <summary>The last day against all before it. Evidence that a failure gives and passes take back again is none.</summary>
    private static RateChange? Alarm(TrialClock clock, List<int> failures, int trials)
    {
        var from = clock.PositionOf((clock.At(trials - 1) - Day).UtcTicks);
        if (from == 0)
            return null;
        var before = failures.Count(position => position < from);
        var background = ClopperPearson.Upper(before, from, BackgroundTail);
        if (background > Cusum.MostBackground)
            return null;
        var watch = Cusum.Over(background, trials - from);
        var (next, began) = (from, from);
        foreach (var position in failures.Skip(before))
        {
            watch.Pass(position - next);
            if (watch.Sum == 0)
                began = position;
            watch.Failure();
            next = position + 1;
            if (watch.Alarm)
            {
                var earlier = failures.Count(failure => failure < began);
                return new RateChange(
                    $"{clock.At(began).UtcDateTime:yyyy-MM-dd HH:mm}", clock.At(Math.Max(from, began - 1)), clock.At(position),
                    Wilson.Rate(earlier, began), Wilson.Rate(failures.Count(failure => failure >= began && failure <= position), position + 1 - began), watch.Sum)
                {
                    IsAlarm = true,
                };
            }
        }
        return null;
    }

    /// <summary>
    /// The change from one release to the next; null where one rate explains both. The nights differ as well as the
    /// releases: only <c>compare</c>, which draws between them on the same boards, tells the two apart.
    /// </summary>
    public static RateChange? Between(StepCell before, FailureCell? failedBefore, StepCell after, FailureCell failure)
    {
        var table = new FourfoldTable(failure.Count, after.Trials, failedBefore?.Count ?? 0, before.Trials);
        return before.Trials > 0 && Math.Log(2) * table.Bits() is > ChangePoint.Claimed and var odds
            ? new RateChange($"release {after.Release}", null, null, Wilson.Rate(table.OutsideFailures, table.OutsideTrials), Wilson.Rate(table.InsideFailures, table.InsideTrials), odds)
            : null;
    }
}
