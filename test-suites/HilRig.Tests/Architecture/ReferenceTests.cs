using System.Xml.Linq;
using NUnit.Framework;

namespace HilRig.Tests.Architecture;

/// <summary>The table of the design: which project may know which.</summary>
public class ReferenceTests
{
    private const string Everything = "*";

    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["rig-server/HilRig.Model"] = [],
        ["rig-server/HilRig.Analysis"] = ["HilRig.Model"],
        ["rig-server/HilRig.Server"] = ["HilRig.Model", "HilRig.Analysis", "HilRig.Dashboards"],
        ["rig-server/HilRig.Cli"] = ["HilRig.Model", "HilRig.Analysis"],
        ["rig-agent/HilRig.Kboot"] = [],
        ["rig-agent/HilRig.Agent"] = ["HilRig.Model", "HilRig.Analysis", "HilRig.Kboot", "CliWrap", "System.IO.Ports"],
        ["rig-agent/stand-ins/CliWrap"] = [],
        ["rig-agent/stand-ins/System.IO.Ports"] = [],
        ["rig-agent/HilRig.VirtualBoard"] = ["HilRig.Kboot"],
        ["dashboards/HilRig.Dashboards"] = ["HilRig.Model"],
        ["test-suites/HilRig.Tests"] = [Everything],
        ["test-suites/HilRig.BoardTests"] = ["HilRig.Agent", "HilRig.Model"],
        ["bench/HilRig.Bench"] = [Everything],
    };

    /// <summary>The fetch projects hold one package each and no code.</summary>
    private static IEnumerable<SourceFile> Projects =>
        Repository.Files.Where(file => file.Path.EndsWith(".csproj", StringComparison.Ordinal) && !file.Path.StartsWith("build/", StringComparison.Ordinal));

    [Test]
    public void Every_project_is_in_the_table() =>
        Assert.That(Projects.Select(Folder), Is.Not.Empty.And.SubsetOf(Allowed.Keys));

    [Test]
    public void A_project_references_only_what_the_table_allows()
    {
        var undeclared =
            from project in Projects
            let allowed = Allowed.GetValueOrDefault(Folder(project), [])
            where !allowed.Contains(Everything)
            from reference in References(project)
            where !allowed.Contains(reference)
            select $"{project.Path} -> {reference}";
        Assert.That(undeclared, Is.Empty);
    }

    [Test]
    public void Every_project_is_in_the_solution()
    {
        var solution = string.Join('\n', Repository.Files.Single(file => file.Path == "HilRig.sln").Lines).Replace('\\', '/');
        Assert.That(Projects.Select(project => project.Path).Where(path => !solution.Contains($"\"{path}\"")), Is.Empty);
    }

    private static string Folder(SourceFile project) => Path.GetDirectoryName(project.Path)!.Replace('\\', '/');

    /// <summary>A reference that only orders the build, with no assembly, is no knowledge.</summary>
    private static IEnumerable<string> References(SourceFile project) => XDocument.Parse(string.Join('\n', project.Lines))
        .Descendants("ProjectReference")
        .Where(reference => (string?)reference.Attribute("ReferenceOutputAssembly") != "false")
        .Select(reference => Path.GetFileNameWithoutExtension(((string)reference.Attribute("Include")!).Replace('\\', '/')));
}
