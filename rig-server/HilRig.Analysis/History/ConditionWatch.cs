using HilRig.Analysis.Rates;
using HilRig.Analysis.Triggers;

namespace HilRig.Analysis.History;

/// <summary>
/// The flagging rule under each condition by itself: a failure that always comes under a condition which is seldom met is
/// flagged at its second time, however many trials passed without the condition.
/// </summary>
internal sealed class ConditionWatch(IReadOnlyList<Trial> trials, NoiseFloor rule)
{
    private readonly IReadOnlyList<HistoryCondition> conditions =
        [.. HistoryVocabulary.Conditions(trials).Where(condition => condition.Origin is ConditionOrigin.State).Take(NoiseFloor.Conditions)];

    /// <param name="failures">Positions of the failing trials so far, the newest last; it alone can have brought news.</param>
    public bool Exceeded<T>(IEnumerable<int> failures, Func<int, T> incidentOf)
    {
        var known = failures.ToList();
        var newest = known[^1];
        return conditions.Where(condition => condition.Holds(trials[newest])).Any(condition =>
            known.Where(failure => condition.Holds(trials[failure])).Select(incidentOf).Distinct().Count() is var incidents
            // Trials are counted only where the failures alone could do.
            && rule.Exceeded(incidents, incidents)
            && rule.Exceeded(incidents, trials.Take(newest + 1).Count(condition.Holds)));
    }
}
