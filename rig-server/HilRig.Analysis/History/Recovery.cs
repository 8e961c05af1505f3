using HilRig.Analysis.Rates;
using HilRig.Analysis.Triggers;

namespace HilRig.Analysis.History;

/// <summary>Says of a flagged failure that the release after it has had enough trials without it.</summary>
internal static class Recovery
{
    /// <summary>The claim about the next release; null where that failed too, or has too few trials to say.</summary>
    public static HistoryFlag? After(
        HistoryCell cell,
        HistoryFlag claim,
        IReadOnlyList<string> releases,
        IReadOnlyDictionary<(string Release, string Step), IReadOnlyList<Trial>> bySteps)
    {
        var next = releases.SkipWhile(release => release != cell.Release).Skip(1).FirstOrDefault(release => release != HistoryRow.Golden);
        if (next is null
            || cell.Release == HistoryRow.Golden
            || claim.Class is not ("intermittent" or "conditional" or "consistent")
            || !bySteps.TryGetValue((next, cell.Step), out var trials)
            || trials.Any(trial => trial.Row.Fingerprint is { } code && cell.Codes.Contains(code)))
            return null;

        // Only trials that exercise the trigger could have shown it.
        var exercised = claim.Trigger is { } trigger ? HistoryVocabulary.CountHolding(trials, trigger.Conditions) : trials.Count;
        var (failures, of) = claim.Trigger is { } known ? (known.Inside[0], known.Inside[1]) : (claim.K, claim.N);
        var absence = Absence.Of(exercised, failures, of);
        if (!absence.IsProven)
            return null;
        var rate = Wilson.Rate(0, trials.Count);
        return claim with
        {
            Release = next,
            Class = "recovered",
            IsNew = false,
            K = 0,
            N = trials.Count,
            Rate = 0,
            Interval95 = [0, HistoryClaim.Significant(rate.High)],
            Incidents = 0,
            FlaggedAtTrial = null,
            Trigger = null,
            Triggers = [],
            Trend = null,
            ChangePoint = null,
            Sessions = null,
            Notes = [absence.OfRecovered(cell.Release, failures, of, claim.Trigger is { } when ? $" when {string.Join(Explanation.And, when.Conditions)}" : "")],
        };
    }
}
