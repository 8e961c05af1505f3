using HilRig.Analysis.Flags;
using HilRig.Model;
using HilRig.Model.Runs;
using NUnit.Framework;

namespace HilRig.Tests.Analysis.Flags;

public class KnownIssuesTests
{
    private const string Rule = """
        known-issues:
          - {id: BL-17, fingerprint: f1/update/*/10203, owner: k.meier, expires: 2026-06-01}
        """;

    private static readonly Fingerprint Stale = new("update", "write-memory", "10203", "kStatusMemoryCumulativeWrite");

    [TestCase("2026-05-31", "BL-17")]
    [TestCase("2026-06-01", null)]
    public void A_rule_holds_until_it_expires(string day, string? id) =>
        Assert.That(KnownIssues.Parse("known.yaml", Rule).Find(Stale, "r1", DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture))?.Id, Is.EqualTo(id));

    [Test]
    public void A_rule_is_for_its_fingerprint_only() =>
        Assert.That(KnownIssues.Parse("known.yaml", Rule).Find(Stale with { Code = "10200" }, "r1", new DateOnly(2026, 1, 1)), Is.Null);

    [TestCase("id: BL-17, fingerprint: f1/update/*/10203, expires: 2026-06-01", "a known issue needs `owner`")]
    [TestCase("id: BL-17, fingerprint: f1/update/*/10203, owner: k.meier", "a known issue needs `expires`")]
    [TestCase("id: BL-17, fingerprint: f1/update/*/10203, owner: k.meier, expires: soon", "`expires` must be a day such as 2027-03-31, not `soon`")]
    [TestCase("id: BL-17, fingerprint: '10203', owner: k.meier, expires: 2026-06-01", "`fingerprint` must be `f1/step/operation/code`, not `10203`")]
    public void A_rule_without_an_owner_or_an_end_is_refused_at_its_place(string rule, string message) =>
        Assert.That(() => KnownIssues.Parse("known.yaml", $"known-issues:\n  - {{{rule}}}\n"), Throws.TypeOf<BadInputException>().With.Message.StartsWith("known.yaml:2:").And.Message.Contains(message));
}
