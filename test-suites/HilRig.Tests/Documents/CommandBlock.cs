using System.Text.RegularExpressions;
using HilRig.Tests.Architecture;

namespace HilRig.Tests.Documents;

/// <summary>How the test treats a block of commands; docs/how-to.md has the table for authors.</summary>
public enum BlockKind
{
    Executed,
    Hardware,
    Root,
    Lasting,
    Names,
}

/// <summary>A fenced <c>sh</c> block of a document, with the comment before it.</summary>
/// <param name="ExitCodes">With which it may end, where it is executed.</param>
public sealed partial record CommandBlock(string Document, int Line, BlockKind Kind, IReadOnlyList<int> ExitCodes, string Text)
{
    /// <summary>Every block of every document, the tutorial's first: what comes later finds what it has ordered.</summary>
    public static IReadOnlyList<CommandBlock> All { get; } =
    [
        .. Repository.Files.Where(file => file.Path.EndsWith(".md", StringComparison.Ordinal)).OrderBy(file => file.Path != "docs/tutorial.md").ThenBy(file => file.Path, StringComparer.Ordinal).SelectMany(Of),
    ];

    /// <summary>Its <c>./rig</c> commands, without comments, continued lines joined.</summary>
    public IEnumerable<string> Commands => Text.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n')
        .Select(line => Comment().Replace(line, "").Trim())
        .Where(line => line.StartsWith("./rig", StringComparison.Ordinal))
        .Select(line => line.Split('>')[0].Trim());

    public override string ToString() => $"{Document}:{Line}";

    private static IEnumerable<CommandBlock> Of(SourceFile file)
    {
        for (var start = 0; start < file.Lines.Count; start++)
        {
            if (file.Lines[start].Trim() != "```sh")
                continue;
            var end = start + 1;
            while (file.Lines[end].Trim() != "```")
                end++;
            var mark = start > 0 ? Mark().Match(file.Lines[start - 1]) : Match.Empty;
            yield return new CommandBlock(file.Path, start + 1, KindOf(mark.Groups["word"].Value), CodesOf(mark.Groups["codes"].Value), string.Join('\n', file.Lines.Skip(start + 1).Take(end - start - 1)));
            start = end;
        }
    }

    private static BlockKind KindOf(string word) => word switch
    {
        "hardware" => BlockKind.Hardware,
        "root" => BlockKind.Root,
        "long" => BlockKind.Lasting,
        "names" => BlockKind.Names,
        _ => BlockKind.Executed,
    };

    private static IReadOnlyList<int> CodesOf(string codes) => codes.Length == 0 ? [0] : [.. codes.Split(" or ").Select(int.Parse)];

    [GeneratedRegex("^<!-- (?<word>hardware|root|long|names|exit: (?<codes>[0-9 or]+)) -->$")]
    private static partial Regex Mark();

    [GeneratedRegex(@"\s+#\s.*$")]
    private static partial Regex Comment();
}
