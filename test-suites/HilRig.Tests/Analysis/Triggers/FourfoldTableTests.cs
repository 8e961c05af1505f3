using System.Numerics;
using HilRig.Analysis.Triggers;
using NUnit.Framework;

namespace HilRig.Tests.Analysis.Triggers;

public class FourfoldTableTests
{
    [Test]
    public void The_worked_example_of_the_method_gives_its_p_and_its_bits()
    {
        var table = new FourfoldTable(5, 5, 0, 11);
        Assert.That(Math.Exp(table.LogFisherP()), Is.EqualTo(1 / 4368.0).Within(1e-12));
        Assert.That(table.Bits(), Is.EqualTo(12.1).Within(0.05));
    }

    [Test]
    public void The_tea_tasting_lady_has_p_17_in_70() =>
        Assert.That(Math.Exp(new FourfoldTable(3, 4, 1, 4).LogFisherP()), Is.EqualTo(17 / 70.0).Within(1e-12));

    [Test]
    public void P_is_the_sum_of_whole_numbers_over_whole_numbers([Values(0, 3, 9, 20)] int inside, [Values(20, 33)] int insideTrials, [Values(0, 7)] int outside, [Values(15, 200)] int outsideTrials)
    {
        var failures = inside + outside;
        BigInteger sum = 0;
        for (var i = inside; i <= Math.Min(failures, insideTrials); i++)
            sum += Choose(insideTrials, i) * Choose(outsideTrials, failures - i);
        var exact = BigInteger.Log(sum) - BigInteger.Log(Choose(insideTrials + outsideTrials, failures));
        Assert.That(new FourfoldTable(inside, insideTrials, outside, outsideTrials).LogFisherP(), Is.EqualTo(Math.Min(0, exact)).Within(1e-9));
    }

    [Test]
    public void A_night_of_evidence_does_not_underflow()
    {
        var logP = new FourfoldTable(40_000, 40_000, 0, 60_000).LogFisherP();
        var exact = -BigInteger.Log(Choose(100_000, 40_000));
        Assert.That(logP, Is.EqualTo(exact).Within(1e-6));
        Assert.That(Math.Exp(logP), Is.Zero, "the number itself is below every double");
    }

    private static BigInteger Choose(int n, int k)
    {
        if (k < 0 || k > n)
            return 0;
        BigInteger result = 1;
        for (var i = 1; i <= k; i++)
            result = result * (n - k + i) / i;
        return result;
    }
}
