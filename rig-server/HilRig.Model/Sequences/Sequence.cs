namespace HilRig.Model.Sequences;

/// <summary>Ordered actions on a board, as an author wrote them.</summary>
/// <param name="Name">Short, kebab-case.</param>
/// <param name="Question">The question that running it answers.</param>
/// <param name="BoardType">The kind of board it is written for.</param>
/// <param name="Cycles">Repetitions unless the caller says otherwise; null for one, or one pass through the matrix.</param>
/// <param name="Image">The image it updates with; null where the caller must name one.</param>
/// <param name="Parameters">Values with a name, in their order.</param>
/// <param name="Matrix">Values that parameters take in turn; null without.</param>
/// <param name="Setup">Once, before cycle 1.</param>
/// <param name="Steps">Every cycle, until one fails.</param>
/// <param name="OnFailure">After a cycle that did not pass: its evidence is taken, nothing has recovered the board yet.</param>
/// <param name="Cleanup">Once, after the last cycle, whatever happened.</param>
/// <param name="File">Where it was read from, for messages.</param>
/// <param name="Text">The file's text, with the steps of what it includes: what is sent, stored and digested.</param>
public sealed record Sequence(
    string Name,
    string Question,
    string BoardType,
    int? Cycles,
    ImageSource? Image,
    IReadOnlyList<Parameter> Parameters,
    Matrix? Matrix,
    IReadOnlyList<SequenceNode> Setup,
    IReadOnlyList<SequenceNode> Steps,
    IReadOnlyList<SequenceNode> OnFailure,
    IReadOnlyList<SequenceNode> Cleanup,
    string File,
    string Text)
{
    /// <summary>The sequence with other values of its parameters; one that a matrix varies keeps to the value given.</summary>
    /// <exception cref="BadInputException">There is no such parameter, or it cannot have the value.</exception>
    public Sequence With(IReadOnlyDictionary<string, string> settings)
    {
        if (settings.Keys.FirstOrDefault(name => Parameters.All(parameter => parameter.Name != name)) is { } unknown)
            throw new BadInputException($"{File}: no parameter `{unknown}`; {Suggestion.For(unknown, [.. Parameters.Select(parameter => parameter.Name)])}");
        var parameters = Parameters.Select(parameter => settings.TryGetValue(parameter.Name, out var value) ? Set(parameter, value) : parameter).ToList();
        var axes = Matrix?.Axes.Where(axis => !settings.ContainsKey(axis.Parameter)).ToList();
        return this with { Parameters = parameters, Matrix = axes is null or [] ? null : Matrix! with { Axes = axes } };
    }

    private Parameter Set(Parameter parameter, string value) =>
        parameter.Takes(value)
            ? parameter with { Default = parameter.Default with { Value = value } }
            : throw new BadInputException($"{File}: parameter `{parameter.Name}` cannot be `{value}`; expected {parameter.Form}");
}
