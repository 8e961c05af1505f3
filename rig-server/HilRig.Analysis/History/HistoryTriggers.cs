using HilRig.Analysis.Rates;
using HilRig.Analysis.Triggers;

namespace HilRig.Analysis.History;

/// <summary>What the conditions of a cell's trials say of its failures.</summary>
/// <param name="Supported">Independent triggers, most evidence first.</param>
/// <param name="Elsewhere">A board, agent or hour that explains them better than any state does; null where none.</param>
/// <param name="Candidate">The best that is not supported; null where it is not even a candidate.</param>
internal sealed record HistoryTriggers(IReadOnlyList<ExplanationSet> Supported, Explanation? Elsewhere, Explanation? Candidate)
{
    private const double CandidateBits = 3;
    private const int MostEquivalents = 8;

    public static HistoryTriggers Of(HistoryCell cell)
    {
        // Trials that failed otherwise are censored: neither for nor against.
        var failing = cell.Failures.ToHashSet();
        var kept = cell.Trials.Index().Where(trial => !trial.Item.Row.Failed || failing.Contains(trial.Index)).Select(trial => trial.Item).ToList();
        var failed = TrialBits.Where(kept.Count, i => kept[i].Row.Failed);
        var search = new TriggerSearch(HistoryVocabulary.Columns(kept), failed);
        var all = TrialBits.Where(kept.Count, _ => true);
        var found = search.Explain(all);
        var supported = found.Where(set => set.Best.IsClaimable && IsFarAbove(set.Best.Table)).ToList();
        var elsewhere = found.FirstOrDefault(set => !set.Best.IsClaimable)?.Best;
        var candidate = found.Count == 0 && search.Best(all) is { Best: { IsClaimable: true, Bits: >= CandidateBits } best } ? best : null;
        return new HistoryTriggers(supported, elsewhere, candidate);
    }

    public static HistoryTrigger Print(ExplanationSet set) => new(
        set.Best.Texts,
        [set.Best.Table.InsideFailures, set.Best.Table.InsideTrials],
        [set.Best.Table.OutsideFailures, set.Best.Table.OutsideTrials],
        Math.Round(set.Best.Bits, 1),
        [.. set.Equivalent.Where(other => other.IsClaimable).Take(MostEquivalents).Select(other => other.Texts)],
        false);

    private static bool IsFarAbove(FourfoldTable table) =>
        ClopperPearson.Rate(table.InsideFailures, table.InsideTrials).Low > ClopperPearson.Rate(table.OutsideFailures, table.OutsideTrials).High;
}
