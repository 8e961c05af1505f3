using YamlDotNet.RepresentationModel;

namespace HilRig.Model.Sequences;

/// <summary>Reads lists of steps. A construct has one entry in the table and one reader of its own.</summary>
internal sealed class StepReader(string file, Problems problems, Includes? includes)
{
    private static readonly Dictionary<string, Func<StepReader, YamlNode, SourcePosition, SequenceNode>> Constructs = new()
    {
        ["choose"] = ChooseReader.Read,
        ["shuffle"] = ShuffleReader.Read,
        ["repeat"] = RepeatReader.Read,
        ["until"] = UntilReader.Read,
        ["expect"] = ExpectReader.Read,
        ["include"] = IncludeReader.Read,
    };

    public string File => file;

    /// <summary>The board that the file is for; null where it does not say.</summary>
    public string? Board { get; init; }

    public Problems Problems => problems;

    /// <summary>Null where nothing can be included.</summary>
    public Includes? Includes => includes;

    /// <summary>A list of steps, without those that cannot be read; nothing at all is an empty one.</summary>
    public IReadOnlyList<SequenceNode> List(YamlNode? node, string key) => problems.Or([], () => node switch
    {
        null or YamlScalarNode { Value: "" or null } => [],
        YamlSequenceNode list => problems.Each(list.Children, Node),
        _ => throw node.Error(file, $"`{key}` must be a list of steps, each on a line of its own that begins with `-`"),
    });

    /// <summary>The <c>steps:</c> of a construct, which holds at least one.</summary>
    public IReadOnlyList<SequenceNode> Block(YamlMappingNode mapping, string construct) =>
        mapping.Find("steps") is YamlSequenceNode { Children.Count: > 0 } steps
            ? List(steps, "steps")
            : throw mapping.Error(file, $"`{construct}` needs `steps:`, a list with at least one step");

    /// <summary>One step, or several that belong together: `ping` or `[erase-all, update]`.</summary>
    public IReadOnlyList<SequenceNode> Group(YamlNode node, string key) => node is YamlSequenceNode ? List(node, key) : [Node(node)];

    public SequenceNode Node(YamlNode node)
    {
        switch (node)
        {
            case YamlScalarNode { Value: { Length: > 0 } name }:
                return Constructs.ContainsKey(name)
                    ? throw node.Error(file, $"`{name}` stands alone; it needs what it is about: `{name}: …`")
                    : new StepCall(name, [], node.PositionIn(file));
            case YamlMappingNode { Children.Count: 1 } mapping:
                var (key, value) = mapping.Children.First();
                var word = key.Scalar(file, "step");
                return Constructs.TryGetValue(word, out var read)
                    ? read(this, value, key.PositionIn(file))
                    : new StepCall(word, Arguments(value, word), key.PositionIn(file));
            default:
                throw node.Error(file, "a step is its name alone, or its name with arguments: `- reset: {by: power}`");
        }
    }

    /// <summary>What a construct says in <c>{key: value}</c>, refusing keys that it does not have.</summary>
    public YamlMappingNode Options(YamlNode node, string construct, params string[] known)
    {
        if (node is not YamlMappingNode mapping)
            throw node.Error(file, $"`{construct}` is written `{construct}: {{{string.Join(", ", known.Select(key => $"{key}: …"))}}}`");
        mapping.AllowOnly(file, $"`{construct}`", known);
        return mapping;
    }

    /// <summary>A value that a construct cannot do without.</summary>
    public StepArgument Option(YamlMappingNode mapping, string construct, string key) =>
        OptionOrNone(mapping, key) ?? throw mapping.Error(file, $"`{construct}` needs `{key}:`");

    public StepArgument? OptionOrNone(YamlMappingNode mapping, string key) =>
        mapping.Find(key) is { } node ? new StepArgument(key, node.Scalar(file, key), node.PositionIn(file)) : null;

    public IReadOnlyList<StepArgument> Arguments(YamlNode node, string step)
    {
        if (node is YamlScalarNode { Value: "" or null })
            return [];
        if (node is not YamlMappingNode mapping)
            throw node.Error(file, $"arguments of `{step}` are written as names with values: `{step}: {{name: value}}`");
        return [.. mapping.Children.Select(pair => Argument(pair.Key, pair.Value, step))];
    }

    private StepArgument Argument(YamlNode key, YamlNode value, string step)
    {
        var name = key.Scalar(file, "argument");
        return value is YamlScalarNode
            ? new StepArgument(name, value.Scalar(file, name), key.PositionIn(file))
            : throw value.Error(file, $"`{name}` of `{step}` must be a single value; only {string.Join(", ", Constructs.Keys)} hold steps ({Suggestion.For(step, Constructs.Keys)})");
    }
}
