using System.Globalization;
using HilRig.Model.Runs;

namespace HilRig.Model.Sequences;

/// <summary>The steps again and again until a round ends as <paramref name="Condition"/> says; a bounded number of rounds.</summary>
/// <param name="Condition"><c>verdict</c>, <c>status</c> or <c>measured</c>, the last with <paramref name="Is"/>.</param>
/// <param name="Is">The value that is waited for; null for a verdict or a status.</param>
public sealed record Until(StepArgument Condition, StepArgument? Is, StepArgument AtMost, IReadOnlyList<SequenceNode> Steps, SourcePosition Position)
    : SequenceNode(Position)
{
    public const string Verdict = "verdict";
    public const string Status = "status";
    public const string Measured = "measured";

    /// <summary>Verdicts that a round may be waited for; what the rig or a person does ends the cycle.</summary>
    public static IReadOnlyList<string> Verdicts { get; } = [.. new[] { Runs.Verdict.Pass, Runs.Verdict.Inconclusive, Runs.Verdict.Fail }.Select(Word)];

    public int Limit => AtMost.WholeNumber(Repeat.Most);

    public override IEnumerable<SequenceNode> Children => Steps;

    /// <summary>What stands in for a step when the last round has not met the condition either; it never passes.</summary>
    public StepCall Unmet { get; } = new("until", Is is null ? [Condition, AtMost] : [Condition, Is, AtMost], Position);

    /// <summary>Whether a round that has ended so meets the condition.</summary>
    public bool IsMetBy(IReadOnlyList<StepEnded> round) => Condition.Name switch
    {
        Verdict => Word(round.Select(result => result.Verdict).DefaultIfEmpty(Runs.Verdict.Pass).Max()) == Condition.Value,
        Status => round.Count > 0 && round[^1].Failure is { } failure && (failure.Code == Condition.Value || failure.CodeName == Condition.Value),
        _ => round.LastOrDefault(result => result.Measurements.ContainsKey(Condition.Value)) is { } result
            && result.Measurements[Condition.Value] == Number(Is!),
    };

    /// <summary>Refuses values that no round could ever meet.</summary>
    internal override void Check()
    {
        _ = Limit;
        if (Condition.Name == Verdict && !Verdicts.Contains(Condition.Value))
            throw Condition.Position.Error($"no round can end in `{Condition.Value}`; {Suggestion.For(Condition.Value, Verdicts)}");
        if (Is is not null)
            _ = Number(Is);
    }

    internal override SequenceNode Rewrite(Rewriting rewriting) => new Until(
        rewriting.Argument(Condition), Is is null ? null : rewriting.Argument(Is), rewriting.Argument(AtMost), rewriting.List(Steps), Position);

    private static double Number(StepArgument argument) =>
        double.TryParse(argument.Value, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw argument.Position.Error($"`is` must be a number, not `{argument.Value}`");

    private static string Word(Verdict verdict) => verdict.ToString().ToLowerInvariant();
}
