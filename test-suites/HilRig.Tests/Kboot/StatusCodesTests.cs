using HilRig.Kboot;
using NUnit.Framework;

namespace HilRig.Tests.Kboot;

public class StatusCodesTests
{
    [Test]
    public void Every_status_has_one_name_one_group_and_one_sentence()
    {
        Assert.That(StatusCatalogue.All.Select(meaning => meaning.Status), Is.Unique.And.Ordered);
        Assert.That(StatusCatalogue.All.Select(meaning => meaning.Name), Is.Unique);
        foreach (var meaning in StatusCatalogue.All)
        {
            Assert.That(meaning.Name, Does.StartWith("kStatus"));
            Assert.That(meaning.Group, Is.Not.Empty);
            Assert.That(meaning.Meaning, Does.EndWith(".").And.Length.GreaterThan(10), meaning.Name);
        }
    }

    /// <summary>Group × 100 + first code, and how many follow one another, as the headers number them.</summary>
    [TestCase(0, 7)]
    [TestCase(100, 18)]
    [TestCase(200, 3)]
    [TestCase(300, 2)]
    [TestCase(400, 10)]
    [TestCase(500, 4)]
    [TestCase(10000, 6)]
    [TestCase(10100, 15)]
    [TestCase(10200, 12)]
    [TestCase(10300, 3)]
    [TestCase(10400, 5)]
    [TestCase(10500, 4)]
    [TestCase(10600, 8)]
    public void No_status_of_the_headers_is_missing(int first, int count) =>
        Assert.That(StatusCatalogue.All.Select(meaning => (int)meaning.Status), Is.SupersetOf(Enumerable.Range(first, count)));

    [Test]
    public void Every_named_constant_is_explained() =>
        Assert.That(Enum.GetValues<StatusCode>(), Is.SubsetOf(StatusCatalogue.All.Select(meaning => meaning.Status)));

    [TestCase(10203u, "kStatusMemoryCumulativeWrite")]
    [TestCase(10004u, "kStatus_NoResponse")]
    [TestCase(117u, "kStatus_FlashSwapIndicatorAddressError")]
    [TestCase(4711u, "status-4711")]
    public void Names_are_the_headers_own(uint status, string name) => Assert.That(((StatusCode)status).ToManualName(), Is.EqualTo(name));

    [Test]
    public void An_unknown_status_is_explained_by_its_group() =>
        Assert.That(((StatusCode)4711).Explain(), Is.EqualTo("Not a status of KBOOT 2.0: group 47, code 11."));
}
