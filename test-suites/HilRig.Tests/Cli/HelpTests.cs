using System.CommandLine;
using HilRig.Cli;
using NUnit.Framework;

namespace HilRig.Tests.Cli;

/// <summary>What every verb of the operator's command has.</summary>
public sealed class HelpTests
{
    private static readonly RootCommand Root = HilRigCommand.Create();

    /// <summary>One starts the whole lab, the other prints a script.</summary>
    private static readonly string[] WithoutJson = ["demo", "completion"];

    private static IEnumerable<Command> Verbs => VerbsOf(Root);

    [TestCaseSource(nameof(Verbs))]
    public void A_verb_has_an_example_that_parses_and_its_help_shows_it(Command verb)
    {
        var path = ExampleHelp.PathOf(verb);
        Assert.That(ExampleHelp.Examples.TryGetValue(path, out var example), path);
        var parsed = Root.Parse(example!);
        Assert.That(parsed.Errors.Select(error => error.Message), Is.Empty, example);
        Assert.That(ExampleHelp.PathOf(parsed.CommandResult.Command), Is.EqualTo(path));

        var help = Root.Parse($"{path} --help");
        var output = new StringWriter();
        help.Invoke(new InvocationConfiguration { Output = output });

        Assert.That(help.Errors, Is.Empty);
        Assert.That(output.ToString(), Does.Contain($"./rig {example}").And.Contain(verb.Description));
    }

    [Test]
    public void Every_verb_answers_in_json_as_well() =>
        Assert.That(Verbs.Where(verb => verb.Options.All(option => option.Name != "--json")).Select(ExampleHelp.PathOf), Is.EquivalentTo(WithoutJson));

    [Test]
    public void No_example_is_of_a_verb_that_is_gone() =>
        Assert.That(ExampleHelp.Examples.Keys, Is.SubsetOf(Verbs.Select(ExampleHelp.PathOf)));

    private static IEnumerable<Command> VerbsOf(Command command) =>
        [.. command.Action is null && command.Subcommands.Count > 0 ? Array.Empty<Command>() : [command], .. command.Subcommands.SelectMany(VerbsOf)];
}
