using System.Globalization;
using System.Text.Json;
using HilRig.Analysis.Rates;
using HilRig.Model.Runs;

namespace HilRig.Analysis.SignOff;

/// <summary>What became of a sign-off so far.</summary>
public enum SignOffState
{
    /// <summary>More cycles are needed.</summary>
    Open,

    /// <summary>The claim may be made.</summary>
    Met,

    /// <summary>More failures than the plan allows: this release cannot be signed off by this plan, nor by starting it again.</summary>
    Failed,

    /// <summary>More was left out as the rig's than the plan allows.</summary>
    Void,
}

/// <summary>Every number of a sign-off, computed from its samples alone.</summary>
/// <param name="Bound">The failure probability of a cycle lies below it, at the plan's confidence, by the plan's rule.</param>
/// <param name="WorstBound">The same with every voided cycle counted against the product.</param>
/// <param name="BadBoardsBelow">With every board clean, the share of bad boards that may still be; null where one failed.</param>
/// <param name="Needed">Countable cycles that the plan asks for.</param>
/// <param name="Missing">What the plan still lacks, in words.</param>
/// <param name="Spread">Whether boards differ and failures cluster in power sessions.</param>
/// <param name="Golden">The control release; null where the plan names none.</param>
/// <param name="Exposure">How often each pair of steps and each value was exercised, the least first.</param>
public sealed record SignOffFigures(
    SignOffState State,
    long Cycles,
    long Failures,
    long Voided,
    double Bound,
    double WorstBound,
    long Needed,
    double? BadBoardsBelow,
    IReadOnlyList<BoardFigures> Boards,
    IReadOnlyDictionary<string, long> BySequence,
    IReadOnlyDictionary<string, long> VoidedByRule,
    IReadOnlyList<string> Missing,
    SignOffSpread Spread,
    GoldenControl? Golden,
    IReadOnlyList<Exposure> Exposure)
{
    /// <summary>The software of the agents that took part.</summary>
    public IReadOnlyList<AgentSoftware> Agents { get; init; } = [];

    /// <param name="everything">All cycles, those of the control release too.</param>
    /// <param name="exposure">As the events of the release's own runs tell it.</param>
    public static SignOffFigures Of(SignOffPlan plan, IReadOnlyList<SignOffSample> everything, IReadOnlyList<Exposure> exposure)
    {
        var samples = everything.Where(sample => !sample.IsGolden).ToList();
        var counted = samples.Where(sample => sample.Voided is null).ToList();
        long failures = counted.Count(sample => sample.Verdict > Verdict.Pass);
        var voided = samples.Count - counted.Count;
        var boards = plan.Places.Select(place => BoardFigures.Of(place, counted, plan.Confidence)).ToList();
        var bySequence = new SortedDictionary<string, long>(plan.Mix.Keys.ToDictionary(name => name, name => (long)counted.Count(sample => sample.Sequence == name)), StringComparer.Ordinal);
        var spread = SignOffSpread.Of(plan, counted);
        var golden = GoldenControl.Of(plan, everything);
        var isBySession = plan.Unit is SampleUnit.Session;
        var bound = isBySession ? spread.SessionBound : plan.BoundOf([.. boards.Select(board => new BoardCount(board.Failures, board.Cycles))]);
        var missing = WhatIsMissing(plan, isBySession ? spread.Sessions : counted.Count, bound, boards, bySequence, exposure).ToList();
        var state = (isBySession ? spread.FailingSessions : failures) > plan.AllowedFailures ? SignOffState.Failed
            : golden?.ParityP < GoldenControl.Parity && plan.Voiding.Contains(VoidingRules.Parity) ? SignOffState.Void
            : voided > plan.MostVoided * samples.Count && samples.Count >= 1 / plan.MostVoided ? SignOffState.Void
            : missing.Count == 0 ? SignOffState.Met
            : SignOffState.Open;
        return new SignOffFigures(
            state,
            counted.Count,
            failures,
            voided,
            bound,
            plan.BoundOf([.. samples.GroupBy(sample => sample.Place).Select(board => new BoardCount(board.Count(sample => sample.Voided is not null || sample.Verdict > Verdict.Pass), board.Count()))]),
            plan.Cycles,
            failures == 0 && boards.All(board => board.Cycles > 0) ? BoardSpread.BadBoardsBelow(boards.Count, plan.Confidence) : null,
            boards,
            bySequence,
            new SortedDictionary<string, long>(samples.Where(sample => sample.Voided is not null).CountBy(sample => sample.Voided!).ToDictionary(rule => rule.Key, rule => (long)rule.Value), StringComparer.Ordinal),
            missing,
            spread,
            golden,
            exposure);
    }

    private static readonly JsonSerializerOptions Readable = new(RunJson.Options) { WriteIndented = true, NewLine = "\n" };

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Readable);

    /// <summary>What may be claimed and what is missing, in words.</summary>
    public string Describe(SignOffPlan plan) =>
        $"{Failures} product failures in {Cycles} cycles on {plan.Places.Count} boards; {Voided} cycles voided. "
        + $"At {Percent(plan.Confidence)} confidence the failure probability of a cycle, in this mix on boards of this kind, is below {Percent(Bound)}; "
        + $"counting every voided cycle against the product, below {Percent(WorstBound)}. "
        + (Missing.Count == 0 ? "Nothing that the plan asks for is missing." : $"Missing: {string.Join("; ", Missing)}.");

    internal static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.####} %");

    private static IEnumerable<string> WhatIsMissing(SignOffPlan plan, long cycles, double bound, List<BoardFigures> boards, SortedDictionary<string, long> bySequence, IReadOnlyList<Exposure> exposure)
    {
        var unit = plan.Unit is SampleUnit.Session ? "power sessions" : "cycles";
        if (plan.Rule is StoppingRule.Fixed && cycles < plan.Cycles)
            yield return $"{plan.Cycles - cycles} of {plan.Cycles} {unit}";
        // Boards with unlike numbers of cycles count for fewer boards: then even the planned number does not suffice.
        else if (bound > plan.Limit)
            yield return $"a bound of {100 * plan.Limit:0.####} % or less; it stands at {100 * bound:0.####} %";
        foreach (var board in boards.Where(board => board.Cycles == 0))
            yield return $"a cycle on {board.Place}";
        var all = bySequence.Values.Sum();
        foreach (var (sequence, share) in plan.Mix.Where(part => bySequence[part.Key] < Math.Floor(part.Value * all)))
            yield return $"cycles of {sequence}: {bySequence[sequence]} of {all}, the plan asks for a share of {100 * share:0.#} %";
        var needed = SignOff.Exposure.Needed(plan);
        foreach (var little in plan.Exposure is ExposureRule.Required ? exposure.Where(one => one.Trials < needed) : [])
            yield return $"exposure: {little.Condition} {little.Trials} of {needed} times";
    }
}

/// <summary>One board of a sign-off.</summary>
public sealed record BoardFigures(string Place, long Cycles, long Failures, double Bound)
{
    internal static BoardFigures Of(string place, IReadOnlyList<SignOffSample> counted, double confidence)
    {
        var (cycles, failures) = (counted.Count(sample => sample.Place == place), counted.Count(sample => sample.Place == place && sample.Verdict > Verdict.Pass));
        return new BoardFigures(place, cycles, failures, cycles == 0 ? 1 : ClopperPearson.Upper(failures, cycles, 1 - confidence));
    }
}
