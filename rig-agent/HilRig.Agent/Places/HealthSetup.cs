using HilRig.Model;
using HilRig.Model.Sequences;
using YamlDotNet.RepresentationModel;

namespace HilRig.Agent.Places;

/// <summary>The sequence that a place must pass before it may take work, and again after so many runs.</summary>
/// <param name="Every">Runs between two checks, 1 or more.</param>
/// <param name="Sequence">Path of the sequence; null for the board type's own.</param>
public sealed record HealthSetup(int Every, string? Sequence)
{
    private const int Usual = 10;

    public static HealthSetup Parse(YamlMappingNode node, string file)
    {
        node.AllowOnly(file, "`health`", "every", "sequence");
        var every = node.Find("every") is { } runs ? runs.Number(file, "every") : Usual;
        if (every is 0 or > 1_000_000)
            throw node.Find("every")!.Error(file, $"`every` must be a number of runs from 1 to 1000000, not {every}");
        var sequence = node.Find("sequence")?.Scalar(file, "sequence");
        return new HealthSetup((int)every, sequence is null ? null : Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, sequence));
    }

    /// <summary>The sequence itself; read when it is needed, so that a mended file counts at once.</summary>
    public static Variants Load(string? sequence, BoardType board) =>
        Variants.Of(SequenceFile.Load(sequence ?? Path.Combine(BoardTypeFile.Folder, "health", $"{board.Name}.yaml")));
}
