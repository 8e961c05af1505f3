using CliWrap;
using CliWrap.Buffered;
using HilRig.Tests.Architecture;
using NUnit.Framework;
using Programs = CliWrap.Cli;

namespace HilRig.Tests.Launcher;

/// <summary>A stand-in that knows Linux only must not reach a machine with another system.</summary>
[CancelAfter(60_000)]
public class PublishTests
{
    [TestCase("win-x64", "false", 1)]
    [TestCase("win-x64", "true", 0)]
    [TestCase("linux-arm64", "false", 0)]
    public async Task Publishing_beyond_Linux_with_the_stand_in_for_serial_ports_is_refused_in_words(string rid, string hasPackage, int exitCode)
    {
        var answer = await Programs.Wrap("dotnet")
            .WithArguments(["msbuild", Path.Combine(Repository.Root, "rig-agent/HilRig.Agent/HilRig.Agent.csproj"), "-t:RefuseStandInBeyondLinux", "-nologo", "-v:q", "-nodeReuse:false", $"-p:RuntimeIdentifier={rid}", $"-p:HasSystemIOPorts={hasPackage}"])
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync();

        Assert.That(answer.ExitCode, Is.EqualTo(exitCode), answer.StandardOutput);
        if (exitCode != 0)
            Assert.That(answer.StandardOutput, Does.Contain("publishing for win-x64 needs the package System.IO.Ports").And.Contain("Publish where the package restores."));
    }
}
