using System.Text.RegularExpressions;

namespace HilRig.Tests.Architecture;

/// <summary>One file of the repository.</summary>
internal sealed record SourceFile(string Path, IReadOnlyList<string> Lines)
{
    public static SourceFile Read(string path) =>
        new(System.IO.Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'), File.ReadAllLines(path));

    public bool IsCode => Path.EndsWith(".cs", StringComparison.Ordinal) || Path.EndsWith(".razor", StringComparison.Ordinal) || Path.EndsWith(".ts", StringComparison.Ordinal);

    /// <summary>Each line that the pattern finds, as <c>path:line: text</c>.</summary>
    public IEnumerable<string> Matches(Regex pattern) =>
        Lines.Index().Where(line => pattern.IsMatch(line.Item)).Select(line => $"{Path}:{line.Index + 1}: {line.Item.Trim()}");
}
