using YamlDotNet.RepresentationModel;

namespace HilRig.Model.Sequences;

/// <summary><c>parameters: {address: {default: 0x1000A000, unit: address}}</c>.</summary>
internal static class ParameterReader
{
    private static readonly IReadOnlyList<string> Units = [.. Enum.GetNames<ParameterUnit>().Select(name => name.ToLowerInvariant())];

    public static IReadOnlyList<Parameter> Read(StepReader reader, YamlNode? node) => node switch
    {
        null => [],
        YamlMappingNode mapping => reader.Problems.Each(mapping.Children, pair => One(reader, pair.Key, pair.Value)),
        _ => throw node.Error(reader.File, "`parameters` holds names: `address: {default: 0x1000A000, unit: address}`"),
    };

    private static Parameter One(StepReader reader, YamlNode key, YamlNode node)
    {
        var name = Name(key.Scalar(reader.File, "parameter"), key.PositionIn(reader.File));
        var options = reader.Options(node, name, "default", "unit");
        var parameter = new Parameter(name, reader.Option(options, name, "default"), Unit(reader.OptionOrNone(options, "unit")), key.PositionIn(reader.File));
        parameter.Checked(parameter.Default);
        return parameter;
    }

    private static string Name(string name, SourcePosition position) =>
        name.Length is > 0 and <= 40 && char.IsAsciiLetterLower(name[0]) && name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-')
            ? name
            : throw position.Error($"a parameter's name is lower-case letters, digits and hyphens (at most 40), not `{name}`");

    private static ParameterUnit Unit(StepArgument? unit) =>
        unit is null ? ParameterUnit.Text
        : Units.Contains(unit.Value) ? Enum.Parse<ParameterUnit>(unit.Value, ignoreCase: true)
        : throw unit.Position.Error($"no unit `{unit.Value}`; {Suggestion.For(unit.Value, [.. Units])}");
}
