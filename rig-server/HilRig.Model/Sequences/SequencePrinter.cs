using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace HilRig.Model.Sequences;

/// <summary><see cref="Sequence"/> to text that reads as the same sequence; comments are not kept.</summary>
public static class SequencePrinter
{
    public static string Print(Sequence sequence)
    {
        var root = new YamlMappingNode { { "sequence", Scalar(sequence.Name) } };
        if (sequence.Question.Length > 0)
            root.Add("question", Scalar(sequence.Question));
        root.Add("board", Scalar(sequence.BoardType));
        if (sequence.Cycles is { } cycles)
            root.Add("cycles", $"{cycles}");
        if (sequence.Image is { } image)
            root.Add("image", Flow([image.File, image.Size, image.Seed, image.Address]));
        if (sequence.Parameters.Count > 0)
            root.Add("parameters", new YamlMappingNode(sequence.Parameters.Select(Of)));
        if (sequence.Matrix is { } matrix)
            root.Add("matrix", Of(matrix));
        AddList(root, "setup", sequence.Setup);
        AddList(root, "steps", sequence.Steps);
        AddList(root, "on-failure", sequence.OnFailure);
        AddList(root, "cleanup", sequence.Cleanup);
        return Text(root);
    }

    /// <summary>The text with the steps of every include in its place: all that a server needs of it.</summary>
    public static string PrintFlat(Sequence sequence) => Print(sequence with
    {
        Setup = Include.Flatten.List(sequence.Setup),
        Steps = Include.Flatten.List(sequence.Steps),
        OnFailure = Include.Flatten.List(sequence.OnFailure),
        Cleanup = Include.Flatten.List(sequence.Cleanup),
    });

    /// <summary>The same; null where it includes nothing.</summary>
    internal static string? Flat(Sequence sequence) => PrintFlat(sequence) is var flat && flat != Print(sequence) ? flat : null;

    private static YamlNode Of(SequenceNode node) => node switch
    {
        StepCall { Arguments: [] } call => Scalar(call.Name),
        StepCall call => Flow((call.Name, Flow(call.Arguments))),
        Choose choose => Flow(("choose", List(choose.Branches.Select(Of)))),
        Shuffle shuffle => Flow(("shuffle", List(shuffle.Groups.Select(List)))),
        Repeat repeat => Flow(("repeat", Flow([repeat.Times], ("steps", List(repeat.Steps))))),
        Until until => Flow(("until", Flow([until.Condition, until.Is, until.AtMost], ("steps", List(until.Steps))))),
        Expect expect => Flow(("expect", Flow([expect.Status], ("step", Of(expect.Step))))),
        Include { Settings: [] } include => Flow(("include", Flow([include.File]))),
        Include include => Flow(("include", Flow([include.File], ("set", Flow(include.Settings))))),
        _ => throw new InvalidOperationException($"nobody prints a {node.GetType().Name}"),
    };

    private static YamlNode Of(ChooseBranch branch) =>
        branch.Weight == 1 ? List(branch.Steps) : Flow(("weight", $"{branch.Weight}"), ("steps", List(branch.Steps)));

    private static KeyValuePair<YamlNode, YamlNode> Of(Parameter parameter) => new(
        parameter.Name,
        parameter.Unit is ParameterUnit.Text
            ? Flow(("default", Scalar(parameter.Default.Value)))
            : Flow(("default", Scalar(parameter.Default.Value)), ("unit", parameter.Unit.ToString().ToLowerInvariant())));

    private static YamlMappingNode Of(Matrix matrix)
    {
        var over = new YamlMappingNode(matrix.Axes.Select(axis =>
            new KeyValuePair<YamlNode, YamlNode>(axis.Parameter, new YamlSequenceNode(axis.Values.Select(value => Scalar(value.Value))) { Style = SequenceStyle.Flow })));
        return new YamlMappingNode { { "cover", MatrixReader.Covers.Single(pair => pair.Value == matrix.Cover).Key }, { "over", over } };
    }

    private static void AddList(YamlMappingNode root, string key, IReadOnlyList<SequenceNode> nodes)
    {
        if (nodes.Count > 0)
            root.Add(key, new YamlSequenceNode(nodes.Select(Of)));
    }

    private static YamlSequenceNode List(IReadOnlyList<SequenceNode> nodes) => List(nodes.Select(Of));

    private static YamlSequenceNode List(IEnumerable<YamlNode> nodes) => new(nodes) { Style = SequenceStyle.Flow };

    private static YamlMappingNode Flow(params (string Key, YamlNode Value)[] pairs) => Flow([], pairs);

    private static YamlMappingNode Flow(IEnumerable<StepArgument?> arguments, params (string Key, YamlNode Value)[] pairs)
    {
        var mapping = new YamlMappingNode { Style = MappingStyle.Flow };
        foreach (var argument in arguments.OfType<StepArgument>())
            mapping.Add(Scalar(argument.Name), Scalar(argument.Value));
        foreach (var (key, value) in pairs)
            mapping.Add(Scalar(key), value);
        return mapping;
    }

    /// <summary>Quoted where a line break or a letter that YAML takes for one is in it: such a text has other styles of its own.</summary>
    private static YamlScalarNode Scalar(string value) =>
        new(value) { Style = value.All(letter => letter is >= ' ' and <= '~') ? ScalarStyle.Any : ScalarStyle.DoubleQuoted };

    private static string Text(YamlNode root)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        // Folded lines would make two spaces one.
        new YamlStream(new YamlDocument(root)).Save(new Emitter(writer, new EmitterSettings().WithBestWidth(int.MaxValue)), assignAnchors: false);
        return writer.ToString().Replace("\n...\n", "\n");
    }
}
