using HilRig.Analysis.Rates;
using HilRig.Analysis.Triggers;

namespace HilRig.Analysis.History;

/// <summary>
/// The flagging rule under each condition by itself: a failure that always comes under a condition which is seldom met is
/// flagged at its second time, however many trials passed without the condition.
/// </summary>
internal sealed class ConditionWatch(IReadOnlyList<Trial> trials, NoiseFloor rule)
{
    private readonly IReadOnlyList<TrialSet> held =
        [.. HistoryVocabulary.Columns(trials).Where(column => column.Origin is ConditionOrigin.State).Take(NoiseFloor.Conditions).Select(column => column.Held)];

    /// <param name="failures">Positions of the failing trials so far, the newest last; it alone can have brought news.</param>
    public bool Exceeded<T>(IEnumerable<int> failures, Func<int, T> incidentOf)
    {
        var known = failures.ToList();
        var newest = known[^1];
        return held.Where(column => column.Contains(newest)).Any(column =>
            rule.Exceeded(known.Where(column.Contains).Select(incidentOf).Distinct().Count(), column.CountUpTo(newest)));
    }
}
