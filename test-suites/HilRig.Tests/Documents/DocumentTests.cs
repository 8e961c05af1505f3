using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using HilRig.Agent;
using HilRig.Bench;
using HilRig.Cli;
using HilRig.Model.Runs;
using HilRig.Server;
using HilRig.Tests.Architecture;
using HilRig.VirtualBoard;
using NUnit.Framework;

namespace HilRig.Tests.Documents;

/// <summary>Commands of the documents are executed, or at least parsed by the programs that they start; links lead somewhere.</summary>
[Platform("Linux")]
public partial class DocumentTests
{
    /// <summary>Verbs of the launcher that are shell scripts.</summary>
    private static readonly string[] Scripts = ["test", "publish", "licences"];

    private static IEnumerable<CommandBlock> Blocks => CommandBlock.All;

    private static IEnumerable<SourceFile> Documents => Repository.Files.Where(file => file.Path.EndsWith(".md", StringComparison.Ordinal));

    [Test]
    public async Task Every_block_that_is_not_marked_otherwise_does_what_it_says()
    {
        var executed = Blocks.Where(block => block.Kind is BlockKind.Executed).ToList();
        Assert.That(executed, Has.Count.GreaterThan(8));
        using var lab = await DocumentLab.StartAsync();
        foreach (var block in executed)
        {
            var (exitCode, output) = await lab.ExecuteAsync(block);
            Assert.That(block.ExitCodes, Does.Contain(exitCode), $"{block}:\n{block.Text}\n{output}");
        }
    }

    [TestCaseSource(nameof(Blocks))]
    public void Every_command_is_one_that_its_program_takes(CommandBlock block)
    {
        foreach (var command in block.Commands)
        {
            var words = CommandLineParser.SplitCommandLine(command).Skip(1).ToList();
            if (words is not [] && !Scripts.Contains(words[0]))
                Assert.That(Parse(words).Errors.Select(error => error.Message), Is.Empty, $"{block}: {command}");
        }
    }

    [Test]
    public void Every_link_inside_the_repository_leads_to_something()
    {
        var broken =
            from document in Documents
            from Match link in document.Lines.SelectMany(line => Link().Matches(line))
            let target = link.Groups["to"].Value.Split('#')
            let file = target[0].Length == 0 ? document.Path : Path.GetRelativePath(Repository.Root, Path.GetFullPath(Path.Combine(Repository.Root, Path.GetDirectoryName(document.Path)!, target[0])))
            where !Path.Exists(Path.Combine(Repository.Root, file)) || (target.Length > 1 && !Anchors(file).Contains(target[1]))
            select $"{document.Path}: {link.Groups["to"].Value}";
        Assert.That(broken, Is.Empty);
    }

    [Test]
    public void The_README_fits_on_some_screens_and_leads_to_every_document()
    {
        var readme = Documents.Single(document => document.Path == "README.md");
        Assert.That(readme.Lines, Has.Count.LessThanOrEqualTo(180));
        var text = string.Join('\n', readme.Lines);
        Assert.That(Documents.Where(document => Path.GetDirectoryName(document.Path) == "docs").Select(document => document.Path).Where(path => !text.Contains($"({path})", StringComparison.Ordinal)), Is.Empty);
        Assert.That(Image().Count(text), Is.EqualTo(2));
    }

    [Test]
    public void The_reference_has_every_verb_and_every_event()
    {
        var reference = string.Join('\n', Documents.Single(document => document.Path == "docs/reference.md").Lines);
        var verbs = HilRigCommand.Create().Subcommands.Select(verb => verb.Name).Concat(AgentCommand.Create().Subcommands.Select(verb => $"agent {verb.Name}"));
        var events = Attribute.GetCustomAttributes(typeof(RunEventBody), typeof(System.Text.Json.Serialization.JsonDerivedTypeAttribute))
            .Cast<System.Text.Json.Serialization.JsonDerivedTypeAttribute>().Select(type => $"{type.TypeDiscriminator}");
        Assert.That(verbs.Concat(events).Where(word => !reference.Contains($"`{word}`", StringComparison.Ordinal)), Is.Empty);
    }

    private static ParseResult Parse(List<string> words) => words[0] switch
    {
        "agent" => AgentCommand.Create().Parse(words[1..]),
        "server" => ServerCommand.Create((_, _) => Task.CompletedTask).Parse(words[1..]),
        "board" => new BoardCommand().Build().Parse(words[1..]),
        "bench" => BenchCommand.Create().Parse(words[1..]),
        "chaos" => BenchCommand.Create().Parse(words),
        _ => HilRigCommand.Create().Parse(words),
    };

    private static IEnumerable<string> Anchors(string path) => File.ReadLines(Path.Combine(Repository.Root, path))
        .Where(line => line.StartsWith('#'))
        .Select(line => NotInAnchors().Replace(line.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    [GeneratedRegex(@"(?<!\!)\[[^\]]*\]\((?!https?:)(?<to>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"!\[[^\]]*\]\(docs/images/")]
    private static partial Regex Image();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchors();
}
