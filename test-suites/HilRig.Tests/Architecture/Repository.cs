using System.Reflection;

namespace HilRig.Tests.Architecture;

/// <summary>The source tree that these tests were built from, and the assemblies that came of it.</summary>
internal static class Repository
{
    private static readonly string[] Generated = ["bin", "obj", "artifacts", "node_modules", "wwwroot", "TestResults", ".git", ".vs", ".idea"];
    private static readonly string[] Text =
    [
        "", ".cs", ".csproj", ".css", ".editorconfig", ".gitignore", ".html", ".js", ".json", ".md", ".proj", ".props", ".razor", ".service",
        ".sh", ".sln", ".sql", ".targets", ".ts", ".txt", ".yaml", ".yml",
    ];

    public static string Root { get; } = FindRoot();

    /// <summary>Written files by their path from the root, with forward slashes.</summary>
    public static IReadOnlyList<SourceFile> Files { get; } =
        [.. Walk(Root).Where(path => Text.Contains(Path.GetExtension(path))).Select(SourceFile.Read).OrderBy(file => file.Path, StringComparer.Ordinal)];

    /// <summary>Folders by their path from the root.</summary>
    public static IEnumerable<string> Folders => Files.Select(file => Path.GetDirectoryName(file.Path)!.Replace('\\', '/')).Distinct();

    /// <summary>What the solution builds, tests apart.</summary>
    public static IReadOnlyList<Assembly> Products { get; } =
    [
        .. Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll")
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .Where(name => name.StartsWith("hilrig", StringComparison.OrdinalIgnoreCase) && !name.EndsWith("Tests", StringComparison.Ordinal))
            .Select(Assembly.Load),
    ];

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "HilRig.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException($"no HilRig.sln above {AppContext.BaseDirectory}");
        return folder;
    }

    private static IEnumerable<string> Walk(string folder) => Directory.EnumerateFiles(folder).Concat(
        Directory.EnumerateDirectories(folder).Where(inner => !Generated.Contains(Path.GetFileName(inner))).SelectMany(Walk));
}
