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
}

/// <summary>A run that a reduction asks for.</summary>
/// <param name="Text">The sequence.</param>
/// <param name="Seed">For its choices.</param>
public sealed record ReductionRun(ReductionStage Stage, Candidate Candidate, string Text, int Cycles, int Seed);

/// <param name="With">Cycles with the candidate's steps.</param>
/// <param name="Without">In a proof, cycles without them.</param>
public sealed record ReductionOutcomes(CycleOutcomes With, CycleOutcomes Without)
{
    /// <summary>Of a run that could not be made.</summary>
    public static ReductionOutcomes None { get; } = new(new CycleOutcomes(0, 0, 0), new CycleOutcomes(0, 0, 0));
}
