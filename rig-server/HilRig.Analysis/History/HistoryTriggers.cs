using HilRig.Analysis.Rates;
using HilRig.Analysis.Triggers;

namespace HilRig.Analysis.History;

/// <summary>What the conditions of a cell's trials say of its failures.</summary>
/// <param name="Supported">Independent triggers, most evidence first.</param>
/// <param name="Elsewhere">A board, agent or hour that explains them better than any state does; null where none.</param>
/// <param name="Candidate">The best that is not supported; null where it is not even a candidate.</param>
internal sealed record HistoryTriggers(IReadOnlyList<ExplanationSet> Supported, Explanation? Elsewhere, Explanation? Candidate)
{
    /// <summary>For each of the supported ones that has rivals: what to run to tell them apart.</summary>
    public IReadOnlyList<string> Experiments { get; init; } = [];

    private const double CandidateBits = 3;
    private const int MostEquivalents = 8;

    /// <param name="sessions">Not null where failures cluster by power session, so that only the first of a session is evidence of its own.</param>
    public static HistoryTriggers Of(HistoryCell cell, HistorySessions? sessions)
    {
        // Trials that failed otherwise are censored: neither for nor against.
        var failing = cell.Failures.ToHashSet();
        var kept = cell.Trials.Index().Where(trial => !trial.Item.Row.Failed || failing.Contains(trial.Index)).Select(trial => trial.Item).ToList();
        var (search, all) = SearchOf(kept);
        var found = search.Explain(all);
        if (found.Count > 0 && sessions is not null)
        {
            var (thinned, rest) = SearchOf(Sessions.UpToFirstFailure(kept));
            found = TriggerSearch.AlsoIn(thinned.Explain(rest), found);
        }
        var supported = found.Where(set => set.Best.IsClaimable && IsFarAbove(set.Best.Table)).ToList();
        var elsewhere = found.FirstOrDefault(set => !set.Best.IsClaimable)?.Best;
        var candidate = found.Count == 0 && search.Best(all) is { Best: { IsClaimable: true, Bits: >= CandidateBits and < TriggerSearch.SupportedBits } best } ? best : null;
        return new HistoryTriggers(supported, elsewhere, candidate) { Experiments = [.. supported.Select(set => ToTellApart(set, kept)).OfType<string>()] };
    }

    /// <summary>The situation of this history whose repetition would tell most between explanations that it cannot separate; null where none would.</summary>
    private static string? ToTellApart(ExplanationSet set, List<Trial> trials)
    {
        var rivals = Rivals(set).Prepend(set.Best).ToList();
        var experiment = new ConditionExperiment(rivals);
        var next = experiment.Choose(Enumerable.Range(0, trials.Count));
        if (rivals.Count < 2 || experiment.Gain(next) < 1e-3)
            return null;
        var (row, holds) = (trials[next].Row, rivals.ToLookup(rival => ConditionExperiment.Holds(rival, next)));
        return $"to tell them apart, repeat {row.Sequence} up to step {row.StepIndex} as in cycle {row.Cycle} of {row.Board}, night {row.Night}: {string.Join(", ", holds[true])} held there, {string.Join(", ", holds[false])} did not";
    }

    private static IEnumerable<Explanation> Rivals(ExplanationSet set) => set.Equivalent.Where(other => other.IsClaimable).Take(MostEquivalents).Concat(set.NotExcluded.Take(MostEquivalents));

    private static (TriggerSearch Search, ulong[] All) SearchOf(IReadOnlyList<Trial> trials) => (
        new TriggerSearch(HistoryVocabulary.Columns(trials), TrialBits.Where(trials.Count, i => trials[i].Row.Failed)),
        TrialBits.Where(trials.Count, _ => true));

    public static HistoryTrigger Print(ExplanationSet set) => new(
        set.Best.Texts,
        [set.Best.Table.InsideFailures, set.Best.Table.InsideTrials],
        [set.Best.Table.OutsideFailures, set.Best.Table.OutsideTrials],
        Math.Round(set.Best.Bits, 1),
        [.. Rivals(set).Select(other => other.Texts)],
        false);

    private static bool IsFarAbove(FourfoldTable table) =>
        ClopperPearson.IsAbove((table.InsideFailures, table.InsideTrials), (table.OutsideFailures, table.OutsideTrials));
}
