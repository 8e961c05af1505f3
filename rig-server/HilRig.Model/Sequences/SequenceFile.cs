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
        root.AllowOnly(file, "a sequence", "sequence", "question", "board", "cycles", "image", "setup", "steps", "on-failure", "cleanup");
        var reader = new StepReader(file);
        return new Sequence(
            Required(root, file, "sequence"),
            root.Find("question")?.Scalar(file, "question") ?? "",
            Required(root, file, "board"),
            Cycles(root, file),
            root.Find("image")?.Scalar(file, "image"),
            reader.List(root.Find("setup"), "setup"),
            RequiredSteps(root, reader),
            reader.List(root.Find("on-failure"), "on-failure"),
            reader.List(root.Find("cleanup"), "cleanup"),
            file,
            text);
    }

    private static string Required(YamlMappingNode root, string file, string key) =>
        root.Find(key)?.Scalar(file, key) ?? throw BadInputException.At(file, 1, 1, $"`{key}:` is missing");

    private static IReadOnlyList<SequenceNode> RequiredSteps(YamlMappingNode root, StepReader reader)
    {
        var steps = reader.List(root.Find("steps"), "steps");
        return steps.Count > 0 ? steps : throw BadInputException.At(reader.File, 1, 1, "`steps:` is missing or empty; a sequence does at least one thing");
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
}
