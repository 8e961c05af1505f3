namespace HilRig.Model.Sequences;

/// <summary>What one cycle of a sequence does, every value known.</summary>
/// <param name="Parameters">Values of the sequence's parameters in this cycle, by name.</param>
public sealed record Variant(
    IReadOnlyDictionary<string, string> Parameters,
    ImageSource? Image,
    IReadOnlyList<SequenceNode> Setup,
    IReadOnlyList<SequenceNode> Steps,
    IReadOnlyList<SequenceNode> OnFailure,
    IReadOnlyList<SequenceNode> Cleanup)
{
    /// <summary>Every node, for those who check them all.</summary>
    public IEnumerable<SequenceNode> Nodes => [.. Setup, .. Steps, .. OnFailure, .. Cleanup];

    /// <summary>The sequence with these values where it refers to them.</summary>
    internal static Variant Of(Sequence sequence, IReadOnlyDictionary<string, string> values)
    {
        var rewriting = Substitution.By(values);
        return new Variant(
            values,
            sequence.Image?.Rewrite(rewriting.Argument),
            rewriting.List(sequence.Setup),
            rewriting.List(sequence.Steps),
            rewriting.List(sequence.OnFailure),
            rewriting.List(sequence.Cleanup));
    }
}
