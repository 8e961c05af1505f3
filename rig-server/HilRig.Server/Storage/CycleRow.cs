using HilRig.Model.Runs;

namespace HilRig.Server.Storage;

/// <summary>What one transaction adds to a cycle's mark.</summary>
/// <param name="First">The event that began it; null where an earlier transaction holds that.</param>
/// <param name="Verdict"><see cref="Verdict.NotSet"/> where it has not ended here.</param>
public sealed record CycleRow(long RunKey, long Cycle, long? First, Verdict Verdict, Layer Layer)
{
    /// <summary>Each cycle once, the setup not among them. The first beginning counts, and the last end.</summary>
    public static IReadOnlyList<CycleRow> Of(long runKey, IEnumerable<EventRow> events)
    {
        var cycles = new Dictionary<int, CycleRow>();
        foreach (var row in events)
        {
            switch (row.Event.Body)
            {
                case CycleStarted { Cycle: > 0 } started:
                    var known = cycles.GetValueOrDefault(started.Cycle) ?? new CycleRow(runKey, started.Cycle, null, default, default);
                    cycles[started.Cycle] = known with { First = known.First ?? row.Event.Number };
                    break;
                case CycleEnded { Cycle: > 0 } ended:
                    var begun = cycles.GetValueOrDefault(ended.Cycle) ?? new CycleRow(runKey, ended.Cycle, null, default, default);
                    cycles[ended.Cycle] = begun with { Verdict = ended.Verdict, Layer = ended.Layer };
                    break;
            }
        }
        return [.. cycles.Values];
    }
}
