namespace HilRig.Model.Sequences;

/// <summary>The steps of another sequence, with values for its parameters.</summary>
/// <param name="File">Path relative to the file that includes it.</param>
/// <param name="Settings">Its parameters that do not keep their defaults.</param>
/// <param name="Steps">Its steps; what refers to a parameter here refers to one of the including sequence.</param>
public sealed record Include(StepArgument File, IReadOnlyList<StepArgument> Settings, IReadOnlyList<SequenceNode> Steps, SourcePosition Position)
    : SequenceNode(Position)
{
    /// <summary>Puts the steps of every include where it stands.</summary>
    internal static Rewriting Flatten { get; } = new(argument => argument, node => node is Include include ? include.Steps : [node]);

    public override IEnumerable<SequenceNode> Children => Steps;

    internal override SequenceNode Rewrite(Rewriting rewriting) =>
        this with { Settings = [.. Settings.Select(rewriting.Argument)], Steps = rewriting.List(Steps) };
}
