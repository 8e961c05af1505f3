using CliWrap;
using CliWrap.Buffered;
using HilRig.Tests.Architecture;
using NUnit.Framework;
// Within HilRig the bare name is the namespace of the operator's command.
using Programs = CliWrap.Cli;

namespace HilRig.Tests.Launcher;

/// <summary>What <c>./rig</c> answers by itself, before anything is built or started.</summary>
[CancelAfter(20_000)]
[Platform("Linux")]
public class LauncherTests
{
    [TestCase("--help")]
    [TestCase("help")]
    [TestCase]
    public async Task The_help_names_every_verb_and_exit_code(params string[] arguments)
    {
        var help = await Rig(arguments).ExecuteBufferedAsync();
        Assert.That(help.StandardOutput, Does.Contain("exit codes: 0 pass").And.Not.Contain("\t"));
        foreach (var verb in new[] { "demo", "server", "agent", "board", "analyze", "test" })
            Assert.That(help.StandardOutput, Does.Match($@"(?m)^  {verb}\b"));
    }

    [TestCase("--frobnicate")]
    [TestCase("test", "--frobnicate")]
    [TestCase("test", "One", "Two")]
    public async Task Bad_input_is_one_line_and_exit_code_2(params string[] arguments)
    {
        var refusal = await Rig(arguments).WithValidation(CommandResultValidation.None).ExecuteBufferedAsync();
        Assert.Multiple(() =>
        {
            Assert.That(refusal.ExitCode, Is.EqualTo(2));
            Assert.That(refusal.StandardOutput, Is.Empty);
            Assert.That(refusal.StandardError, Does.Match($@"\Arig: .*{arguments[^1]}.*expected.*\n\z"));
        });
    }

    [Test]
    public async Task Without_an_SDK_one_line_names_the_remedy()
    {
        // A copy has no build to find fresh, and this PATH has the system's tools but no dotnet.
        using var copy = new EmptyCheckout();
        var refusal = await Programs.Wrap("bash").WithArguments([copy.Launcher, "board"])
            .WithEnvironmentVariables(new Dictionary<string, string?> { ["PATH"] = copy.ToolsWithoutDotnet, ["HOME"] = copy.Folder })
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync();
        Assert.That(refusal.ExitCode, Is.EqualTo(3));
        Assert.That(refusal.StandardError, Does.Match(@"\Arig: dotnet is missing: install the \.NET 10 SDK.*\n\z"));
    }

    private static Command Rig(string[] arguments) => Programs.Wrap(Path.Combine(Repository.Root, "rig")).WithArguments(arguments).WithWorkingDirectory("/");
}
