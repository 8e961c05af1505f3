using System.IO.Ports;
using System.Reflection;
using CliWrap;
using NUnit.Framework;
// Within HilRig the bare name is the namespace of the operator's command.
using Programs = CliWrap.Cli;

namespace HilRig.Tests.StandIns;

/// <summary>
/// Code compiled against a stand-in must compile against the package. The lists hold the package's members, written down from its
/// sources; those after a minus are the package's alone. Where a registry has the package, the same lists are held against it.
/// </summary>
public class PublicSurfaceTests
{
    private static readonly TestCaseData[] Packages =
    [
        new TestCaseData("CliWrap", typeof(Programs).Assembly, "CliWrap-3.10.5.txt").SetArgDisplayNames("CliWrap"),
        new TestCaseData("System.IO.Ports", typeof(SerialPort).Assembly, "System.IO.Ports-10.0.15.txt").SetArgDisplayNames("System.IO.Ports"),
    ];

    [TestCaseSource(nameof(Packages))]
    public void A_stand_in_has_nothing_public_that_its_package_lacks(string package, Assembly assembly, string list)
    {
        if (!InUse.IsStandIn(package))
            Assert.Ignore($"the package {package} is in use");
        Assert.That(PublicSurface.Declared(assembly).Except(Listed(list).Select(line => line.TrimStart('-', ' '))), Is.Empty);
    }

    [TestCaseSource(nameof(Packages))]
    public void What_is_in_use_has_every_member_that_the_list_promises(string package, Assembly assembly, string list)
    {
        var promised = InUse.IsStandIn(package)
            ? Listed(list).Where(line => !line.StartsWith('-'))
            : Listed(list).Select(line => line.TrimStart('-', ' '));
        Assert.That(promised.Except(PublicSurface.Reachable(assembly)), Is.Empty);
    }

    [TestCaseSource(nameof(Packages))]
    public void The_agent_names_what_it_was_built_with(string package, Assembly assembly, string list)
    {
        var version = list[(package.Length + 1)..^".txt".Length];
        // A stand-in carries the project's own version, the package its own.
        var expected = assembly.GetName().Version is { Major: 0 } ? "stand-in" : $"package {version}";
        Assert.That(InUse.Of(package), Is.EqualTo(expected));
    }

    private static IEnumerable<string> Listed(string list) =>
        File.ReadLines(Path.Combine(TestContext.CurrentContext.TestDirectory, "StandIns", "Fixtures", list))
            .Where(line => line.Length > 0 && !line.StartsWith('#'));
}
