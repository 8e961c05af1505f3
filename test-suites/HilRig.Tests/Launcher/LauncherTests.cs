using NUnit.Framework;

namespace HilRig.Tests.Launcher;

/// <summary>What <c>./rig</c> answers by itself, and what it hands on.</summary>
[CancelAfter(30_000)]
[Platform("Linux")]
public class LauncherTests
{
    private Checkout checkout = null!;

    [SetUp]
    public void CheckOut() => checkout = new Checkout();

    [TearDown]
    public void CleanUp() => checkout.Dispose();

    [TestCase("--help")]
    [TestCase("help")]
    [TestCase]
    public async Task The_help_names_every_verb_and_exit_code(params string[] arguments)
    {
        var help = await checkout.Rig(arguments);
        Assert.That(help.StandardOutput, Does.Contain("exit codes: 0 pass"));
        foreach (var verb in new[] { "demo", "server", "agent", "board", "analyze", "chaos", "licences", "publish", "test" })
            Assert.That(help.StandardOutput, Does.Match($@"(?m)^  {verb}\b"));
        Assert.That(checkout.Calls, Is.Empty);
    }

    [TestCase("--frobnicate")]
    [TestCase("test", "--frobnicate")]
    [TestCase("test", "One", "Two")]
    [TestCase("publish", "amiga")]
    [TestCase("licences", "--frobnicate")]
    public async Task Bad_input_is_one_line_and_exit_code_2(params string[] arguments)
    {
        var refusal = await checkout.Rig(arguments);
        Assert.Multiple(() =>
        {
            Assert.That(refusal.ExitCode, Is.EqualTo(2));
            Assert.That(refusal.StandardOutput, Is.Empty);
            Assert.That(refusal.StandardError, Does.Match($@"\Arig: .*{arguments[^1]}.*expected.*\n\z"));
            Assert.That(checkout.Calls, Is.Empty);
        });
    }

    [Test]
    public async Task Without_an_SDK_one_line_names_the_remedy()
    {
        checkout.TakeDotnetAway();
        var refusal = await checkout.Rig("board");
        Assert.That(refusal.ExitCode, Is.EqualTo(3));
        Assert.That(refusal.StandardError, Does.Match(@"\Arig: dotnet is missing: install the \.NET 10 SDK.*\n\z"));
    }

    [TestCase("board", "rig-agent/HilRig.VirtualBoard", "hilrig-board", "")]
    [TestCase("agent", "rig-agent/HilRig.Agent", "hilrig-agent", "")]
    [TestCase("server", "rig-server/HilRig.Server", "hilrig-server", "")]
    [TestCase("demo", "rig-server/HilRig.Cli", "hilrig", "demo ")]
    [TestCase("chaos", "bench/HilRig.Bench", "HilRig.Bench", "chaos ")]
    [TestCase("analyze", "rig-server/HilRig.Cli", "hilrig", "analyze ")]
    public async Task A_verb_becomes_its_program_in_the_callers_folder(string verb, string project, string program, string handedOn)
    {
        checkout.Answer(program, "the program's own words\n", 4);
        var result = await checkout.RigIn("/usr", verb, "--seed", "7", "a b");
        Assert.That((result.ExitCode, result.StandardOutput), Is.EqualTo((4, "the program's own words\n")));
        Assert.That(checkout.Calls[^1], Is.EqualTo($"/usr||{checkout.Folder}/{project}/bin/Release/net10.0/{program}.dll {handedOn}--seed 7 a b"));
    }

    [Test]
    public async Task The_program_takes_the_launchers_place_and_so_its_signals()
    {
        checkout.Write("tools/dotnet", "#!/bin/sh\n[ $1 = --list-sdks ] && echo 10.0.100\n[ -e \"$1\" ] || case $1 in *.dll) echo $$ ;; esac\n");
        var running = checkout.Rig("board");
        Assert.That((await running).StandardOutput, Is.EqualTo($"{running.ProcessId}\n"));
    }
}
