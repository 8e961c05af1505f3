using HilRig.Analysis.Triggers;

namespace HilRig.Analysis.History;

/// <summary>One condition of a history, not yet asked of any trial.</summary>
/// <param name="Subject">What it is about.</param>
/// <param name="Text">As printed: <c>upd_since_reset&gt;=1</c>.</param>
/// <param name="Penalty">Bits that it must earn on top of its rivals.</param>
/// <param name="Holds">True of the trials in which it held.</param>
internal sealed record HistoryCondition(string Subject, string Text, ConditionOrigin Origin, double Penalty, Func<Trial, bool> Holds)
{
    public ConditionColumn Column(IReadOnlyList<Trial> trials) =>
        new(Subject, Text, Origin, Penalty, TrialSet.Where(trials.Count, i => Holds(trials[i])));
}
