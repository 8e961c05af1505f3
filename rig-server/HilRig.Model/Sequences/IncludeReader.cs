using YamlDotNet.RepresentationModel;

namespace HilRig.Model.Sequences;

/// <summary><c>include: {file: part.yaml, set: {name: value}}</c>.</summary>
internal static class IncludeReader
{
    public static SequenceNode Read(StepReader reader, YamlNode node, SourcePosition position)
    {
        var options = reader.Options(node, "include", "file", "set");
        var file = reader.Option(options, "include", "file");
        var settings = options.Find("set") is { } set ? reader.Arguments(set, "set") : [];
        if (reader.Includes is not { } includes)
            throw position.Error("`include` needs the file beside this one, and this text came without; send what `./rig agent lint --flat FILE` prints");
        if (file.Value.StartsWith(Parameter.Sign))
            throw file.Position.Error("`file` of `include` is a path, no parameter");
        var path = Path.Combine(Path.GetDirectoryName(reader.File) ?? "", file.Value);
        var inner = includes.Into(path, position);
        var part = SequenceReader.Read(path, reader.Problems.Or("", () => inner.Open(path)), reader.Problems, inner, SequenceReader.PartKeys);
        if (part is not null && reader.Board is { } board && part.BoardType != board)
            throw position.Error($"{path} is for board `{part.BoardType}`, this one for `{board}`");
        return new Include(file, settings, part is null ? [] : Steps(part, settings), position);
    }

    private static IReadOnlyList<SequenceNode> Steps(Sequence part, IReadOnlyList<StepArgument> settings)
    {
        var values = part.Parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Default.Value);
        foreach (var setting in settings)
        {
            var parameter = part.Parameters.FirstOrDefault(candidate => candidate.Name == setting.Name)
                ?? throw setting.Position.Error($"{part.File} has no parameter `{setting.Name}`; {Suggestion.For(setting.Name, [.. values.Keys])}");
            values[setting.Name] = setting.Value.StartsWith(Parameter.Sign) ? setting.Value : parameter.Checked(setting).Value;
        }
        return Rewriting.Of(argument => Substitution.In(argument, values)).List(part.Steps);
    }
}
