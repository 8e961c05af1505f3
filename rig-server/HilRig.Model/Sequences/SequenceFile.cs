using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace HilRig.Model.Sequences;

/// <summary>Text to <see cref="Sequence"/>. Knows the shape of the language, not which steps exist; the agent binds those.</summary>
public static class SequenceFile
{
    private const int MaxCycles = 10_000_000;

    /// <summary>Reads and parses a file; throws <see cref="BadInputException"/> with the place of the first mistake.</summary>
    public static Sequence Load(string path)
    {
        if (!File.Exists(path))
            throw new BadInputException($"{path}: no such sequence file");
        return Parse(path, File.ReadAllText(path));
    }

    /// <summary>Parses <paramref name="text"/>; <paramref name="file"/> is for messages only.</summary>
    public static Sequence Parse(string file, string text)
    {
        var root = YamlReading.LoadMapping(file, text);
        root.AllowOnly(file, "a sequence", "sequence", "question", "board", "cycles", "image", "setup", "steps", "cleanup");
        return new Sequence(
            Required(root, file, "sequence"),
            root.Find("question")?.Scalar(file, "question") ?? "",
            Required(root, file, "board"),
            Cycles(root, file),
            root.Find("image")?.Scalar(file, "image"),
            Nodes(root.Find("setup"), file, "setup"),
            RequiredSteps(root, file),
            Nodes(root.Find("cleanup"), file, "cleanup"),
            file,
            text);
    }

    private static string Required(YamlMappingNode root, string file, string key) =>
        root.Find(key)?.Scalar(file, key) ?? throw BadInputException.At(file, 1, 1, $"`{key}:` is missing");

    private static IReadOnlyList<SequenceNode> RequiredSteps(YamlMappingNode root, string file)
    {
        var steps = Nodes(root.Find("steps"), file, "steps");
        return steps.Count > 0 ? steps : throw BadInputException.At(file, 1, 1, "`steps:` is missing or empty; a sequence does at least one thing");
    }

    private static int Cycles(YamlMappingNode root, string file)
    {
        var node = root.Find("cycles");
        if (node is null)
            return 1;
        var text = node.Scalar(file, "cycles");
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var cycles) && cycles is >= 1 and <= MaxCycles
            ? cycles
            : throw node.Error(file, $"`cycles` must be a whole number from 1 to {MaxCycles}, not `{text}`");
    }

    private static IReadOnlyList<SequenceNode> Nodes(YamlNode? node, string file, string key) => node switch
    {
        null => [],
        YamlScalarNode { Value: "" or null } => [],
        YamlSequenceNode list => [.. list.Children.Select(child => Node(child, file))],
        _ => throw node.Error(file, $"`{key}` must be a list of steps, each on a line of its own that begins with `-`"),
    };

    private static SequenceNode Node(YamlNode node, string file)
    {
        switch (node)
        {
            case YamlScalarNode { Value: { Length: > 0 } name }:
                return new StepCall(name, [], node.PositionIn(file));
            case YamlMappingNode { Children.Count: 1 } mapping:
                var (key, value) = mapping.Children.First();
                var step = key.Scalar(file, "step");
                return step == "choose"
                    ? new Choose(Branches(value, file), key.PositionIn(file))
                    : new StepCall(step, Arguments(value, file, step), key.PositionIn(file));
            default:
                throw node.Error(file, "a step is its name alone, or its name with arguments: `- reset: {by: power}`");
        }
    }

    private static List<StepArgument> Arguments(YamlNode node, string file, string step)
    {
        if (node is YamlScalarNode { Value: "" or null })
            return [];
        if (node is not YamlMappingNode mapping)
            throw node.Error(file, $"arguments of `{step}` are written as names with values: `{step}: {{name: value}}`");
        return [.. mapping.Children.Select(pair =>
        {
            var name = pair.Key.Scalar(file, "argument");
            return new StepArgument(name, pair.Value.Scalar(file, name), pair.Key.PositionIn(file));
        })];
    }

    private static List<ChooseBranch> Branches(YamlNode node, string file)
    {
        if (node is not YamlSequenceNode { Children.Count: > 1 } list)
            throw node.Error(file, "`choose` needs a list of at least two branches");
        return [.. list.Children.Select(child => Branch(child, file))];
    }

    /// <summary>A branch is a list of steps, one step, or <c>{weight: 2, steps: […]}</c>.</summary>
    private static ChooseBranch Branch(YamlNode node, string file)
    {
        if (node is YamlSequenceNode)
            return new ChooseBranch(1, Nodes(node, file, "choose"));
        if (node is not YamlMappingNode mapping || mapping.Find("steps") is not { } steps)
            return new ChooseBranch(1, [Node(node, file)]);
        mapping.AllowOnly(file, "a branch", "weight", "steps");
        return new ChooseBranch(Weight(mapping, file), Nodes(steps, file, "steps"));
    }

    private static int Weight(YamlMappingNode mapping, string file)
    {
        if (mapping.Find("weight") is not { } node)
            return 1;
        var text = node.Scalar(file, "weight");
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var weight) && weight is >= 1 and <= 1000
            ? weight
            : throw node.Error(file, $"`weight` must be a whole number from 1 to 1000, not `{text}`");
    }
}
