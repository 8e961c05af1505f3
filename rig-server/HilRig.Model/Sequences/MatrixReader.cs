using YamlDotNet.RepresentationModel;

namespace HilRig.Model.Sequences;

/// <summary><c>matrix: {cover: pairwise, over: {address: [0x1000A000, 0x1000F000], way: [blhost, rig]}}</c>.</summary>
internal static class MatrixReader
{
    /// <summary>Covers by the words that stand for them.</summary>
    public static IReadOnlyDictionary<string, Cover> Covers { get; } = new Dictionary<string, Cover>
    {
        ["all"] = Cover.All,
        ["pairwise"] = Cover.Pairwise,
        ["3-way"] = Cover.ThreeWay,
    };

    public static Matrix? Read(StepReader reader, YamlNode? node, IReadOnlyList<Parameter> parameters)
    {
        if (node is null)
            return null;
        var options = reader.Options(node, "matrix", "cover", "over");
        if (options.Find("over") is not YamlMappingNode { Children.Count: > 0 } over)
            throw options.Error(reader.File, "`matrix` needs `over:` with lists of values by parameter: `over: {address: [0x1000A000, 0x1000F000]}`");
        var matrix = new Matrix(
            CoverOf(reader.OptionOrNone(options, "cover")),
            reader.Problems.Each(over.Children, pair => Axis(reader, pair.Key, pair.Value, parameters)),
            node.PositionIn(reader.File));
        _ = matrix.Rows();
        return matrix;
    }

    private static MatrixAxis Axis(StepReader reader, YamlNode key, YamlNode node, IReadOnlyList<Parameter> parameters)
    {
        var name = key.Scalar(reader.File, "parameter");
        var parameter = parameters.FirstOrDefault(candidate => candidate.Name == name)
            ?? throw key.Error(reader.File, $"no parameter `{name}`; {Suggestion.For(name, [.. parameters.Select(candidate => candidate.Name)])}; a matrix varies what `parameters:` declares");
        if (node is not YamlSequenceNode { Children.Count: > 0 } list)
            throw node.Error(reader.File, $"`{name}` needs a list of values");
        var values = list.Children.Select(child => parameter.Checked(new StepArgument(name, child.Scalar(reader.File, name), child.PositionIn(reader.File)))).ToList();
        return values.GroupBy(value => value.Value).FirstOrDefault(group => group.Count() > 1)?.Last() is { } twice
            ? throw twice.Position.Error($"`{twice.Value}` stands twice in `{name}`")
            : new MatrixAxis(name, values, key.PositionIn(reader.File));
    }

    private static Cover CoverOf(StepArgument? cover) =>
        cover is null ? Cover.All
        : Covers.TryGetValue(cover.Value, out var known) ? known
        : throw cover.Position.Error($"no cover `{cover.Value}`; {Suggestion.For(cover.Value, [.. Covers.Keys])}");
}
