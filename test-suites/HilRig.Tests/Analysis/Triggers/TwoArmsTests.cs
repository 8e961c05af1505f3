using HilRig.Analysis.Triggers;
using NUnit.Framework;

namespace HilRig.Tests.Analysis.Triggers;

public class TwoArmsTests
{
    // ½·2^a and half of the integral of facts/statistics.md 2b, which is 31.9 for 7 and 102 for 9.
    [TestCase(5, 16 + 5.25)]
    [TestCase(7, 64 + 31.9 / 2)]
    [TestCase(9, 256 + 102.0 / 2)]
    public void Failures_in_one_arm_only_are_worth_what_the_method_says(int failures, double evidence) =>
        Assert.That(TwoArms.Evidence(failures, 0), Is.EqualTo(evidence).Within(0.5));

    [TestCase(4, 0, false)]
    [TestCase(5, 0, true)]
    [TestCase(10, 1, false)]
    [TestCase(12, 1, true)]
    public void Five_to_none_or_twelve_to_one_confirms(int on, int off, bool confirmed) =>
        Assert.That(TwoArms.Evidence(on, off) >= TwoArms.Confirmed, Is.EqualTo(confirmed));

    [Test]
    public void A_failure_in_nine_tenths_of_the_cycles_proves_little() =>
        Assert.That(TwoArms.Evidence(1, 0, 0.9), Is.LessThanOrEqualTo(1.11));

    [Test]
    public void Without_an_effect_the_evidence_is_worth_1_on_average([Values(0.5, 0.8)] double share)
    {
        // Over all outcomes of 12 failures, weighted by their chance: exactly 1, or the claim of 5 % would be false.
        var mean = 0.0;
        var choose = 1.0;
        for (var first = 0; first <= 12; first++)
        {
            mean += choose * Math.Pow(share, first) * Math.Pow(1 - share, 12 - first) * TwoArms.Evidence(first, 12 - first, share);
            choose = choose * (12 - first) / (first + 1);
        }
        Assert.That(mean, Is.EqualTo(1).Within(1e-9));
    }
}
