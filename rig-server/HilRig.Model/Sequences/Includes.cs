namespace HilRig.Model.Sequences;

/// <summary>How an included file is found, and which files led to the one that is read.</summary>
/// <param name="Open">Text by path.</param>
/// <param name="Chain">Full paths, the outermost first.</param>
internal sealed record Includes(Func<string, string> Open, IReadOnlyList<string> Chain)
{
    private const int Deepest = 8;

    /// <summary>Includes of a file on disk.</summary>
    public static Includes Beside(string path) => new(SequenceFile.ReadText, [Path.GetFullPath(path)]);

    /// <summary>The same, one file further in.</summary>
    /// <exception cref="BadInputException">The file is among those that led to it, or they are too many.</exception>
    public Includes Into(string path, SourcePosition position)
    {
        var full = Path.GetFullPath(path);
        if (Chain.Contains(full))
            throw position.Error($"the file includes itself: {string.Join(" → ", Chain.Append(full).Select(Path.GetFileName))}");
        return Chain.Count < Deepest
            ? this with { Chain = [.. Chain, full] }
            : throw position.Error($"includes are nested more than {Deepest} deep");
    }
}
