using HilRig.Analysis.Rates;
using HilRig.Analysis.Reproducers;
using HilRig.Analysis.Triggers;
using HilRig.Model.Flags;
using HilRig.Model.Runs;

namespace HilRig.Analysis.Flags;

/// <summary>What the conditions of a step's trials say of one of its fingerprints.</summary>
/// <remarks>Trials that failed with another fingerprint are censored: they are neither for nor against.</remarks>
internal static class CellTriggers
{
    private const int Longest = 12;
    private const int MostOtherValues = 4;

    /// <summary>Bits from which an unsupported explanation is worth a look.</summary>
    private const double CandidateBits = 3;

    /// <summary>Independent explanations by rank; those that the data cannot tell apart share one. Unsupported ones only where none is supported.</summary>
    /// <returns>With the power sessions where failures cluster in them: then only the first of each is evidence of its own.</returns>
    public static (IReadOnlyList<Trigger> Triggers, PowerSessions? Sessions) Of(StepCell cell, IReadOnlyList<ConditionColumn> columns, FailureCell failure)
    {
        var failed = failure.Trials.ToArray(cell.Conditions.Trials);
        var trials = cell.Passed.ToArray(cell.Conditions.Trials);
        failure.Trials.UnionInto(trials);
        var search = new TriggerSearch(columns, failed);
        var sessions = PowerSessions.Of(cell, trials, failed);
        var found = search.Explain(trials);
        if (found.Count > 0 && sessions is not null)
            found = sessions.Confirm(search, found);
        else if (found.Count == 0)
            found = search.Best(trials) is { Best.Bits: >= CandidateBits } best ? [best] : [];
        var boards = columns.Where(column => column.Subject == ConditionVocabulary.Board).ToList();
        return ([.. found.Index().SelectMany(set => set.Item.All.Take(Longest).Select(one => Print(one, set.Index + 1)))], sessions);

        Trigger Print(Explanation explanation, int rank)
        {
            var table = explanation.Table;
            var logP = table.LogFisherP();
            return new Trigger(
                explanation.ToString(),
                explanation.Sentence,
                Wilson.Rate(table.InsideFailures, table.InsideTrials),
                Wilson.Rate(table.OutsideFailures, table.OutsideTrials),
                Math.Exp(logP),
                rank)
            {
                Log10P = logP / Math.Log(10),
                Bits = explanation.Bits,
                ByBoard = Stratify(explanation),
                Otherwise = explanation.Conditions.Where(condition => ConditionArms.CanVary(condition.Subject)).ToDictionary(condition => condition.Text, Others),
            };
        }

        IReadOnlyList<string> Others(ConditionColumn condition) =>
        [
            .. columns.Where(other => other.Subject == condition.Subject && other.Text != condition.Text)
                .OrderByDescending(other => other.Held.Count(trials)).ThenBy(other => other.Text, StringComparer.Ordinal)
                .Take(MostOtherValues).Select(other => other.Text[(other.Subject.Length + 1)..]),
        ];

        string Stratify(Explanation explanation)
        {
            var inside = TrialBits.Intersection(trials, explanation.Conditions.Select(condition => condition.Held));
            var tables = boards.ToDictionary(board => board.Text, board => Table(board.Held, inside));
            if (tables.Count < 2)
                return "";
            var strata = new StratifiedTables(tables);
            return strata.Against is { Count: > 0 } against
                ? $"the other way round on {string.Join(", ", against)}; stratified by board p = {strata.P():0.#e+0}"
                : $"the same on each of {strata.For} boards that can tell; stratified by board p = {strata.P():0.#e+0}";
        }

        FourfoldTable Table(TrialSet board, ulong[] inside)
        {
            var (insideFailures, insideTrials) = (board.Count(inside, failed), board.Count(inside));
            return new FourfoldTable(insideFailures, insideTrials, board.Count(trials, failed) - insideFailures, board.Count(trials) - insideTrials);
        }
    }
}
