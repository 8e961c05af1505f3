namespace HilRig.Analysis.Reproducers;

/// <summary>What a run of a reduction is for.</summary>
public enum ReductionStage
{
    /// <summary>Which steps are needed.</summary>
    Search,

    /// <summary>Whether fewer repetitions, a smaller image, a lower rate or a shorter pause do as well.</summary>
    Simplify,

    /// <summary>How often the result fails, in fresh cycles.</summary>
    Proof,

    /// <summary>Whether one condition that the data cannot tell from others makes the difference (<see cref="ConditionArms"/>).</summary>
    Confirm,
}

/// <summary>A run that a reduction asks for.</summary>
/// <param name="Text">The sequence.</param>
/// <param name="Seed">For its choices.</param>
public sealed record ReductionRun(ReductionStage Stage, Candidate Candidate, string Text, int Cycles, int Seed);

/// <param name="With">Cycles with the candidate's steps, or under the condition in question.</param>
/// <param name="Without">In a proof, cycles without them; in a confirmation, under the other condition.</param>
public sealed record ReductionOutcomes(CycleOutcomes With, CycleOutcomes Without)
{
    /// <summary>Failures while a trigger of the flag did not hold, as far as events tell; by its condition.</summary>
    public IReadOnlyDictionary<string, int> Against { get; init; } = new Dictionary<string, int>();

    /// <summary>Of a run that could not be made.</summary>
    public static ReductionOutcomes None { get; } = new(new CycleOutcomes(0, 0, 0), new CycleOutcomes(0, 0, 0));
}
