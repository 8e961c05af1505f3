using HilRig.Analysis.Rates;
using HilRig.Analysis.Triggers;
using HilRig.Model.Flags;
using HilRig.Model.Runs;

namespace HilRig.Analysis.Flags;

/// <summary>Turns the sums of one fingerprint into a claim with its class and the sentence that defends it.</summary>
internal static class Claim
{
    private static readonly NoiseFloor Floor = NoiseFloor.OfSlot(FailureKind.Answer);
    private static readonly NoiseFloor AllSequences = NoiseFloor.OfStep(FailureKind.Answer);
    private static readonly NoiseFloor UnderCondition = NoiseFloor.OfCondition(FailureKind.Answer);
    private static readonly NoiseFloor Silence = NoiseFloor.OfSlot(FailureKind.Silence);

    /// <param name="columns">Those of the cell.</param>
    public static Flag Of(StepCell cell, IReadOnlyList<ConditionColumn> columns, FailureCell failure, StepTotals totals, SilenceWatch silences)
    {
        // A sample outside the trials still was a try of the step: its rate is taken of both.
        var tries = failure.Blame is Blame.Product ? cell.Trials : cell.Trials + failure.Count;
        var rate = Wilson.Rate(failure.Count, tries);
        var (triggers, sessions) = CellTriggers.Of(cell, columns, failure);
        var (flagClass, reason) = failure.Blame switch
        {
            Blame.Product => JudgeProduct(cell, columns, failure, totals, rate, triggers, Beside(triggers, sessions)),
            Blame.Undetermined => JudgeSilence(cell, failure, rate, silences, Beside(triggers, sessions)),
            Blame.Sequence => (FlagClass.Observed, $"Counted, not flagged: {rate.Failures} of {rate.Trials} tries asked for what cannot be; the sequence is to blame."),
            _ => (FlagClass.Rig, $"The rig's: {rate.Failures} of {rate.Trials} tries ended in an error of the rig, which says nothing of the product."),
        };
        var change = flagClass is FlagClass.Intermittent or FlagClass.Conditional or FlagClass.Consistent && failure.Blame is Blame.Product ? LiveDrift.Within(cell, failure) : null;
        return new Flag(
            FlagId.Of(cell.Release, cell.Sequence, cell.Revision, failure.Fingerprint, failure.Blame),
            cell.Release,
            cell.Sequence,
            cell.Revision,
            [.. failure.ByPlace.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Key)],
            failure.Fingerprint,
            flagClass,
            rate,
            Wilson.Rate(cell.MarginalPasses, cell.Passes),
            failure.FirstSeen,
            failure.LastSeen,
            reason + (change is null ? "" : $" Drift: {change.Sentence}.") + LeftOut(cell),
            triggers)
        {
            Changes = change is null ? [] : [change],
        };
    }

    /// <summary>What no witness could attribute one by one, statistics may: a hub cannot be silent on several agents in one kind of step only.</summary>
    private static (FlagClass, string) JudgeSilence(StepCell cell, FailureCell failure, Rate rate, SilenceWatch watch, string beside)
    {
        var (failures, incidents, agents) = failure.OutsideStorms(watch);
        var storm = failures < failure.Count ? $" {failure.Count - failures} of them in storms: several boards of one agent or hub silent in several kinds of step." : "";
        var unclear = $"{rate.Failures} of {rate.Trials} tries failed and the witnesses do not say whose fault it was.{storm}";
        if (failures == 0)
            return (FlagClass.Rig, $"The rig's: {unclear}");
        if (Concentration.Of(failure.ByAgent, cell.TriesByAgent) is { } agent && agent.IsOnePlace)
            return (FlagClass.Rig, $"The rig's: {unclear} On an agent: {agent}.");
        if (Concentration.Of(failure.ByHub, cell.TriesByHub) is { } hub && hub.IsOnePlace && !failure.ByAgent.ContainsKey(hub.Place) && failure.IsOnSeveralPlacesOf(hub.Place))
            return (FlagClass.Rig, $"The rig's: {unclear} On a hub: {hub}.");
        if (agents < 2)
            return (FlagClass.Observed, $"Counted, not flagged: {unclear} Seen {SilenceWatch.OneAgent}.");
        if (!Silence.Exceeded(incidents, rate.Trials))
            return (FlagClass.Observed, $"Counted, not flagged: {unclear} A flag needs {Silence.Boundary(rate.Trials)} incidents, at a floor of {100 * Silence.Rate:0.####} % a try.");
        if (Concentration.Of(failure.ByPlace, cell.TrialsByPlace) is { } place && place.IsOnePlace)
            return (FlagClass.BoardSpecific, $"Flagged: {unclear} On a board: {place}.");
        return (FlagClass.Intermittent, $"Flagged: {unclear} {incidents} incidents on {agents} agents, in this kind of step, are beyond a floor of {100 * Silence.Rate:0.####} % a try: a silence of the product{beside}.");
    }

    private static (FlagClass, string) JudgeProduct(StepCell cell, IReadOnlyList<ConditionColumn> columns, FailureCell failure, StepTotals totals, Rate rate, IReadOnlyList<Trigger> triggers, string beside)
    {
        var seen = $"{rate.Failures} of {rate.Trials} trials in {failure.Incidents} {(failure.Incidents == 1 ? "incident" : "incidents")}";
        var boundary = Math.Min(Floor.Boundary(cell.Trials), Math.Max(2, AllSequences.Boundary(totals.Trials) - (totals.Incidents - failure.Incidents)));
        var fired = Fired(cell, columns, failure, totals, seen);
        if (cell.Trials < NoiseFloor.FewestTrials && fired is null)
            return (FlagClass.Insufficient, $"Too few to say: {seen}; a flag needs {boundary} incidents.");
        if (fired is null)
            return (FlagClass.Observed, $"Counted, not flagged: {seen}; after {cell.Trials} trials a flag needs {boundary} incidents, at a floor of {100 * Floor.Rate:0.####} % a trial.");

        if (Concentration.Of(failure.ByPlace, cell.TrialsByPlace) is { } place && place.IsOnePlace)
            return (FlagClass.BoardSpecific, $"{fired}; {place}.");
        if (ClopperPearson.IsNearlyAlways(rate.Failures, rate.Trials))
            return (FlagClass.Consistent, $"{fired}; it fails nearly always (at least {100 * ClopperPearson.Lower(rate.Failures, rate.Trials, 0.05):0.#} % with 95 % confidence).");
        return triggers.FirstOrDefault(IsSupported) is { Rank: 1 } trigger
            ? (FlagClass.Conditional, $"{fired}; {trigger.Inside.Failures} of {trigger.Inside.Trials} when {trigger.Sentence}, {trigger.Outside.Failures} of {trigger.Outside.Trials} otherwise ({trigger.Bits:0.#} bits; {TriggerSearch.SupportedBits} are asked for).")
            : (FlagClass.Intermittent, $"{fired}; it passes as well, and no condition is supported as its trigger{beside}.");
    }

    /// <summary>Where and when, where they tell more than any state: a reason to look there. And whether it comes in bad sessions.</summary>
    private static string Beside(IReadOnlyList<Trigger> triggers, PowerSessions? sessions) =>
        (triggers is [{ Rank: 1, Bits: >= TriggerSearch.SupportedBits } best, ..] && ConditionVocabulary.IsPlaceOrHour(best.Condition.Split('=')[0])
            ? $": that {best.Sentence} tells failures from passes better than any state of the board ({best.Bits:0.#} bits)" : "")
        + (sessions is null ? "" : $"; {sessions}");

    /// <summary>The rule that fires: in this sequence, in all sequences of the release together, or under one condition.</summary>
    private static string? Fired(StepCell cell, IReadOnlyList<ConditionColumn> columns, FailureCell failure, StepTotals totals, string seen) =>
        Crossing.Find(Floor, failure.Began.InOrder(), at => cell.Clock.PositionOf(at) + 1) is { } here ? $"Flagged: {seen}; {Beyond(here, Floor)}"
        : totals.Find(AllSequences) is { } everywhere ? $"Flagged: {seen}; in all sequences of the release together {Beyond(everywhere, AllSequences)}"
        : FlaggedUnder(cell, columns, failure);

    private static string Beyond(Crossing crossing, NoiseFloor rule) =>
        $"{crossing.Incidents} incidents within the first {crossing.Trials} trials are beyond a floor of {100 * rule.Rate:0.####} % a trial";

    /// <summary>What fires although the step as a whole may still be quiet: too many incidents while one condition held.</summary>
    private static string? FlaggedUnder(StepCell cell, IReadOnlyList<ConditionColumn> columns, FailureCell failure)
    {
        if (failure.Incidents < 2)
            return null;
        var trials = cell.Passed.ToArray(cell.Conditions.Trials);
        foreach (var other in cell.Failures.Where(other => other.Blame is Blame.Product))
            other.Trials.UnionInto(trials);
        foreach (var column in columns.Where(column => column.Origin is ConditionOrigin.State).Take(NoiseFloor.Conditions))
        {
            var incidents = failure.Seen.Where(seen => column.Held.Contains(seen.Trial)).Select(seen => seen.Incident).Distinct().Count();
            var held = column.Held.Count(trials);
            if (UnderCondition.Exceeded(incidents, held))
                return $"Flagged: {failure.Count} of {cell.Trials} trials, {incidents} incidents in the {held} of them in which {column.Sentence}: beyond a floor of {100 * UnderCondition.Rate:0.####} % a trial there too";
        }
        return null;
    }

    /// <summary>A place or an hour is no state that a sequence could bring about.</summary>
    private static bool IsSupported(Trigger trigger) =>
        trigger.Bits >= TriggerSearch.SupportedBits
        && ClopperPearson.IsAbove((trigger.Inside.Failures, trigger.Inside.Trials), (trigger.Outside.Failures, trigger.Outside.Trials))
        && !ConditionVocabulary.IsPlaceOrHour(trigger.Condition.Split('=')[0]);

    private static string LeftOut(StepCell cell) => (cell.RigSamples, cell.UndeterminedSamples) switch
    {
        (0, 0) => "",
        (var rig, 0) => $" Left out of the trials: {rig} of the rig's or stopped.",
        (0, var unclear) => $" Left out of the trials: {unclear} undetermined.",
        var (rig, unclear) => $" Left out of the trials: {rig} of the rig's or stopped, {unclear} undetermined.",
    };
}
