using System.Text.RegularExpressions;
using NUnit.Framework;

namespace HilRig.Tests.Architecture;

/// <summary>
/// A fault changes bits, bytes, edges and the supply, and never says how the board fails: a status that a fault wrote itself would
/// prove nothing about the analysis that finds it.
/// </summary>
public partial class FaultTests
{
    private static IEnumerable<SourceFile> Faults =>
        Repository.Files.Where(file => file.Path.StartsWith("rig-agent/HilRig.VirtualBoard/Faults/", StringComparison.Ordinal));

    [Test]
    public void No_fault_builds_a_packet_or_names_a_status()
    {
        Assert.That(Faults, Is.Not.Empty);
        Assert.That(Faults.SelectMany(file => file.Matches(Answer())), Is.Empty);
    }

    [TestCase("PacketWriter.Write(packet)", true)]
    [TestCase("return StatusCode.Success;", true)]
    [TestCase("line.Flip(bit)", false)]
    public void The_rule_for_faults_knows_a_breach(string line, bool breach) => Assert.That(Answer().IsMatch(line), Is.EqualTo(breach));

    [GeneratedRegex(@"\b(PacketWriter|CommandPacket|StatusCodes?)\b")]
    private static partial Regex Answer();
}
