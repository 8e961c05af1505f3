using HilRig.Model.Runs;
using HilRig.Server.Storage;

namespace HilRig.Server.Timelines;

/// <summary>A stretch with more than a screen shows: its steps in groups, and where a closer look finds captures.</summary>
internal static class FoldedLanes
{
    public static IReadOnlyList<TimelineLane> Of(IReadOnlyList<TimelineFold> folds, RunClock clock, bool hasEvents)
    {
        var captured = folds.Where(fold => fold.NotPassed > 0).Select(fold => MarkOf(fold, clock, $"{fold.NotPassed:N0} not passed; a closer look shows what was captured")).ToList();
        var closer = hasEvents ? "zoom in to see single ones" : "the run's events were deleted in their time; its steps are left";
        return
        [
            .. LaneMarks.Names.Select(name => name switch
            {
                LaneMarks.Agent => new TimelineLane(name, hasEvents ? null : closer, [.. folds.Select(fold => MarkOf(fold, clock, Words(fold)))]),
                LaneMarks.Packets => new TimelineLane(name, closer, hasEvents ? captured : []),
                _ => new TimelineLane(name, closer, []),
            }),
        ];
    }

    private static TimelineMark MarkOf(TimelineFold fold, RunClock clock, string text) =>
        new(clock.Of(StoredText.ToTime(fold.First)), clock.Of(StoredText.ToTime(fold.Last)), (TimelineTone)fold.Worst, text) { Many = (int)fold.Steps };

    private static string Words(TimelineFold fold) => fold.NotPassed == 0 ? $"{fold.Steps:N0} steps, all passed" : $"{fold.Steps:N0} steps, {fold.NotPassed:N0} not passed";
}
