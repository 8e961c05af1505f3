using System.Reflection;
using System.Text.RegularExpressions;
using NUnit.Framework;

namespace HilRig.Tests.Architecture;

/// <summary>Authors of sequences read <c>docs/sequences.md</c>: every step has its heading there.</summary>
public partial class StepDocumentTests
{
    [Test]
    public void Every_step_has_a_heading_in_the_document()
    {
        var headings = Repository.Files.Single(file => file.Path == "docs/sequences.md").Lines
            .Where(line => line.StartsWith("## ", StringComparison.Ordinal))
            .Select(line => line[3..].Trim('`', ' '));
        var steps = Assembly.Load("hilrig-agent").GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.GetInterface("IStep") is not null && type.Name.EndsWith("Step", StringComparison.Ordinal))
            .Select(type => KebabName(type.Name));
        Assert.That(steps, Is.Not.Empty.And.SubsetOf(headings));
    }

    [TestCase("PingStep", "ping")]
    [TestCase("EraseRegionStep", "erase-region")]
    public void A_step_is_called_in_sequences_as_its_type_is_in_code(string type, string step) => Assert.That(KebabName(type), Is.EqualTo(step));

    private static string KebabName(string type) => WordStart().Replace(type[..^"Step".Length], "-").ToLowerInvariant();

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])")]
    private static partial Regex WordStart();
}
