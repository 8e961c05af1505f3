using System.Text.RegularExpressions;
using System.Xml.Linq;
using NUnit.Framework;

namespace HilRig.Tests.Architecture;

/// <summary>The table of the design: which project may know which.</summary>
public partial class ReferenceTests
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
    public void The_document_has_the_same_table()
    {
        var rows = Document.SkipWhile(line => line != "## Projects").TakeWhile(line => line != "## How a thing travels")
            .Select(line => Row().Match(line)).Where(match => match.Success)
            .ToDictionary(match => match.Groups["project"].Value, match => string.Join(", ", match.Groups["references"].Value.Split(", ").Order(StringComparer.Ordinal)));
        var expected = Allowed.GroupBy(project => project.Key.StartsWith(StandIns, StringComparison.Ordinal) ? StandIns + "*" : project.Key)
            .ToDictionary(group => group.Key, group => InWords(group.First().Value));
        Assert.That(rows, Is.EquivalentTo(expected));
    }

    [Test]
    public void Every_place_that_the_document_names_is_in_the_tree()
    {
        var missing =
            from line in Document
            from Match name in Place().Matches(line)
            let folder = name.Groups["folder"].Value
            where !Repository.Folders.Any(known => (known + "/").StartsWith(folder, StringComparison.Ordinal) || (known + "/").Contains("/" + folder, StringComparison.Ordinal))
            select name.Value;
        Assert.That(missing, Is.Empty);
    }

    [Test]
    public void Every_project_is_in_the_solution()
    {
        var solution = string.Join('\n', Repository.Files.Single(file => file.Path == "HilRig.sln").Lines).Replace('\\', '/');
        Assert.That(Projects.Select(project => project.Path).Where(path => !solution.Contains($"\"{path}\"")), Is.Empty);
    }

    private const string StandIns = "rig-agent/stand-ins/";

    private static IReadOnlyList<string> Document => Repository.Files.Single(file => file.Path == "docs/architecture.md").Lines;

    /// <summary>Stand-ins take the place of packages, which are no projects.</summary>
    private static string InWords(string[] allowed) => allowed switch
    {
        [] => "–",
        [Everything] => "all",
        _ => string.Join(", ", allowed.Where(name => name.StartsWith("HilRig.", StringComparison.Ordinal)).Select(name => name["HilRig.".Length..]).Order(StringComparer.Ordinal)),
    };

    private static string Folder(SourceFile project) => Path.GetDirectoryName(project.Path)!.Replace('\\', '/');

    /// <summary>A reference that only orders the build, with no assembly, is no knowledge.</summary>
    private static IEnumerable<string> References(SourceFile project) => XDocument.Parse(string.Join('\n', project.Lines))
        .Descendants("ProjectReference")
        .Where(reference => (string?)reference.Attribute("ReferenceOutputAssembly") != "false")
        .Select(reference => Path.GetFileNameWithoutExtension(((string)reference.Attribute("Include")!).Replace('\\', '/')));

    [GeneratedRegex(@"^\| `(?<project>[^`]+)` \| (?<references>[^|]+?) \|")]
    private static partial Regex Row();

    /// <summary>A file or folder in backticks, up to the last folder: <c>Power/&lt;Name&gt;Switch.cs</c> names <c>Power/</c>.</summary>
    [GeneratedRegex(@"`(?<folder>(?:[A-Za-z][\w.-]*/)+)[^`*]*`")]
    private static partial Regex Place();
}
