namespace HilRig.Model.Sequences;

/// <summary>Ordered actions on a board, as an author wrote them.</summary>
/// <param name="Name">Short, kebab-case.</param>
/// <param name="Question">The question that running it answers.</param>
/// <param name="BoardType">The kind of board it is written for.</param>
/// <param name="Cycles">Repetitions unless the caller says otherwise.</param>
/// <param name="Image">Path of the image it updates with, relative to the file; null where the caller must name one.</param>
/// <param name="Setup">Once, before cycle 1.</param>
/// <param name="Steps">Every cycle, until one fails.</param>
/// <param name="OnFailure">After a cycle that did not pass: its evidence is taken, nothing has recovered the board yet.</param>
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
    IReadOnlyList<SequenceNode> OnFailure,
    IReadOnlyList<SequenceNode> Cleanup,
    string File,
    string Text);
