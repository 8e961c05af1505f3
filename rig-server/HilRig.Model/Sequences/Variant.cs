namespace HilRig.Model.Sequences;

/// <summary>What one cycle of a sequence does, every value known.</summary>
/// <param name="Parameters">Values of the sequence's parameters in this cycle, by name.</param>
public sealed record Variant(
    IReadOnlyDictionary<string, string> Parameters,
    IReadOnlyList<SequenceNode> Setup,
    IReadOnlyList<SequenceNode> Steps,
    IReadOnlyList<SequenceNode> OnFailure,
    IReadOnlyList<SequenceNode> Cleanup)
{
    /// <summary>Every node, for those who check them all.</summary>
    public IEnumerable<SequenceNode> Nodes => [.. Setup, .. Steps, .. OnFailure, .. Cleanup];
}

/// <summary>The variants of a sequence.</summary>
/// <param name="Sequence">What they are variants of.</param>
/// <param name="Usual">Parameters at their own values: what setup and cleanup are done with.</param>
/// <param name="All">One, or one for each row of its matrix.</param>
public sealed record Variants(Sequence Sequence, Variant Usual, IReadOnlyList<Variant> All)
{
    public static Variants Of(Sequence sequence)
    {
        var usual = new Variant(new Dictionary<string, string>(), sequence.Setup, sequence.Steps, sequence.OnFailure, sequence.Cleanup);
        return new Variants(sequence, usual, [usual]);
    }

    /// <summary>The variant of a cycle, by the run's seed.</summary>
    public Variant ForCycle(long seed, int cycle) => All[(cycle - 1) % All.Count];
}
