namespace HilRig.Analysis.Triggers;

/// <summary>A condition, or two that must hold together, with what the trials say of it.</summary>
/// <param name="Bits">Evidence over "one constant rate", after paying for the search and for strangeness.</param>
public sealed record Explanation(IReadOnlyList<ConditionColumn> Conditions, FourfoldTable Table, double Bits)
{
    /// <summary>Stands between conditions that must hold jointly.</summary>
    public const string And = " AND ";

    public IReadOnlyList<string> Texts => [.. Conditions.Select(condition => condition.Text)];

    /// <summary>True when it names something that a sequence could bring about.</summary>
    public bool IsClaimable => Conditions.All(condition => condition.Origin is not ConditionOrigin.PlaceOrHour);

    public string Sentence => string.Join(" and ", Conditions.Select(condition => condition.Sentence));

    public override string ToString() => string.Join(And, Texts);
}

/// <summary>The best explanation and every other within 3.3 bits (odds of 10 to 1), which this data cannot separate from it.</summary>
public sealed record ExplanationSet(Explanation Best, IReadOnlyList<Explanation> Equivalent)
{
    /// <summary>Single states further behind, but by less than the bits that make a trigger supported: nothing excludes them as surely. Empty where the best is not supported itself.</summary>
    public IReadOnlyList<Explanation> NotExcluded { get; init; } = [];

    public IEnumerable<Explanation> All => Equivalent.Prepend(Best);
}
