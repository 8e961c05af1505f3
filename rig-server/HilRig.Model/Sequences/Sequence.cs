namespace HilRig.Model.Sequences;

/// <summary>Ordered actions on a board, as an author wrote them.</summary>
/// <param name="Name">Short, kebab-case.</param>
/// <param name="Question">The question that running it answers.</param>
/// <param name="BoardType">The kind of board it is written for.</param>
/// <param name="Cycles">Repetitions unless the caller says otherwise.</param>
/// <param name="Image">Path of the image it updates with, relative to the file; null where the caller must name one.</param>
/// <param name="Setup">Once, before cycle 1.</param>
/// <param name="Steps">Every cycle, until one fails.</param>
/// <param name="Cleanup">Once, after the last cycle, whatever happened.</param>
/// <param name="File">Where it was read from, for messages.</param>
/// <param name="Text">The file's text: what is sent, stored and digested.</param>
public sealed record Sequence(
    string Name,
    string Question,
    string BoardType,
    int Cycles,
    string? Image,
    IReadOnlyList<SequenceNode> Setup,
    IReadOnlyList<SequenceNode> Steps,
    IReadOnlyList<SequenceNode> Cleanup,
    string File,
    string Text);

/// <summary>One entry of a step list.</summary>
/// <param name="Position">Where it stands.</param>
public abstract record SequenceNode(SourcePosition Position);

/// <summary>A step by name with its arguments.</summary>
public sealed record StepCall(string Name, IReadOnlyList<StepArgument> Arguments, SourcePosition Position) : SequenceNode(Position);

/// <summary>One branch is drawn for each cycle, by weight, from the run's seed.</summary>
public sealed record Choose(IReadOnlyList<ChooseBranch> Branches, SourcePosition Position) : SequenceNode(Position);

/// <param name="Weight">Relative chance, 1 or more.</param>
/// <param name="Steps">What is done when it is drawn; may be empty.</param>
public sealed record ChooseBranch(int Weight, IReadOnlyList<SequenceNode> Steps);

/// <param name="Name">As written, kebab-case.</param>
/// <param name="Value">As written, not yet interpreted.</param>
public sealed record StepArgument(string Name, string Value, SourcePosition Position);

/// <summary>A place in a file; line and column count from 1.</summary>
public sealed record SourcePosition(string File, long Line, long Column);
