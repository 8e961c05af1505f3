using YamlDotNet.RepresentationModel;

namespace HilRig.Model.Sequences;

/// <summary>Reads one document of the language.</summary>
internal static class SequenceReader
{
    private const int MostCycles = 10_000_000;

    /// <summary>What a sequence may say.</summary>
    public static readonly string[] Keys =
        ["sequence", "question", "board", "cycles", "image", "parameters", "matrix", "setup", "steps", "on-failure", "cleanup"];

    /// <summary>What one that is included may say: it runs inside a cycle of another.</summary>
    public static readonly string[] PartKeys = ["sequence", "question", "board", "parameters", "steps"];

    /// <summary>The sequence, as far as it can be read; null where it is no sequence at all. Mistakes go to <paramref name="problems"/>.</summary>
    public static Sequence? Read(string file, string text, Problems problems, Includes? includes, string[] keys)
    {
        if (problems.Or(null, () => YamlReading.LoadMapping(file, text)) is not { } root)
            return null;
        problems.Note(() => YamlReading.RefuseAliases(file, text));
        if (problems.Found.Count > 0 && keys == Keys)
            return null;
        problems.Note(() => root.AllowOnly(file, keys == Keys ? "a sequence" : "an included sequence", keys));
        var reader = new StepReader(file, problems, includes) { Board = (root.Find("board") as YamlScalarNode)?.Value };
        var parameters = problems.Or([], () => ParameterReader.Read(reader, root.Find("parameters")));
        var sequence = new Sequence(
            problems.Or("", () => Required(root, file, "sequence")),
            problems.Or("", () => root.Find("question")?.Scalar(file, "question") ?? ""),
            problems.Or("", () => Required(root, file, "board")),
            problems.Or(null, () => reader.OptionOrNone(root, "cycles")?.WholeNumber(MostCycles)),
            problems.Or(null, () => ImageReader.Read(reader, root.Find("image"))),
            parameters,
            problems.Or(null, () => MatrixReader.Read(reader, root.Find("matrix"), parameters)),
            reader.List(root.Find("setup"), "setup"),
            problems.Or([], () => RequiredSteps(root, reader)),
            reader.List(root.Find("on-failure"), "on-failure"),
            reader.List(root.Find("cleanup"), "cleanup"),
            file,
            text);
        return Sound(sequence, problems);
    }

    /// <summary>
    /// The sequence without nodes in which a reference names no parameter or a value does not suit; a matrix is tried value
    /// by value, not row by row.
    /// </summary>
    private static Sequence Sound(Sequence sequence, Problems problems)
    {
        var defaults = sequence.Parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Default.Value);
        var tried = new List<IReadOnlyDictionary<string, string>> { defaults };
        foreach (var value in sequence.Matrix?.Axes.SelectMany(axis => axis.Values) ?? [])
            tried.Add(new Dictionary<string, string>(defaults) { [value.Name] = value.Value });
        IReadOnlyList<SequenceNode> Of(IReadOnlyList<SequenceNode> nodes) =>
            problems.Each(nodes, node =>
            {
                foreach (var values in tried)
                    _ = Substitution.By(values).List([node]);
                return node;
            });
        return sequence with
        {
            Image = problems.Or(null, () => sequence.Image?.Rewrite(argument => Substitution.In(argument, defaults)) is null ? null : sequence.Image),
            Setup = Of(sequence.Setup),
            Steps = Of(sequence.Steps),
            OnFailure = Of(sequence.OnFailure),
            Cleanup = Of(sequence.Cleanup),
        };
    }

    private static string Required(YamlMappingNode root, string file, string key) =>
        root.Find(key)?.Scalar(file, key) ?? throw BadInputException.At(file, 1, 1, $"`{key}:` is missing");

    private static IReadOnlyList<SequenceNode> RequiredSteps(YamlMappingNode root, StepReader reader)
    {
        var before = reader.Problems.Found.Count;
        var steps = reader.List(root.Find("steps"), "steps");
        return steps.Count > 0 || reader.Problems.Found.Count > before
            ? steps
            : throw BadInputException.At(reader.File, 1, 1, "`steps:` is missing or empty; a sequence does at least one thing");
    }
}
