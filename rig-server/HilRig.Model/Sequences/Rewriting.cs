namespace HilRig.Model.Sequences;

/// <summary>A way to make another tree out of one: what becomes of each value, and of each list once its entries are rewritten.</summary>
public sealed record Rewriting(Func<StepArgument, StepArgument> Argument, Func<SequenceNode, IReadOnlyList<SequenceNode>> Entry)
{
    /// <summary>A rewriting of values alone.</summary>
    public static Rewriting Of(Func<StepArgument, StepArgument> argument) => new(argument, node => [node]);

    /// <summary>The entries of a list, rewritten; an entry may become several.</summary>
    public IReadOnlyList<SequenceNode> List(IReadOnlyList<SequenceNode> nodes) => [.. nodes.SelectMany(node => Entry(node.Rewrite(this)))];
}
