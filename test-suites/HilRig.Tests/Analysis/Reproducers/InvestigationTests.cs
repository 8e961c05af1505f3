using HilRig.Analysis.Reproducers;
using HilRig.Model.Runs;
using NUnit.Framework;

namespace HilRig.Tests.Analysis.Reproducers;

public class InvestigationTests
{
    private static readonly InvestigationArm Here = new(20, 20);
    private static readonly InvestigationArm Fails = new(19, 20);
    private static readonly InvestigationArm Clean = new(0, 20);

    [Test]
    public void A_failure_on_two_boards_that_the_release_before_had_not_is_the_products_and_new()
    {
        var verdict = Investigation.Of(Here, Fails, Clean, Clean);
        Assert.That(verdict.Blame, Is.EqualTo(Layer.Product));
        Assert.That(verdict.Reason, Does.EndWith("so it is new"));
    }

    [Test]
    public void A_failure_that_the_release_before_had_as_well_is_not_new() =>
        Assert.That(Investigation.Of(Here, Fails, Fails, Clean).Reason, Does.EndWith("so it is not new"));

    [Test]
    public void What_fails_everywhere_is_the_sequences() =>
        Assert.That(Investigation.Of(Here, Fails, Fails, Fails).Blame, Is.EqualTo(Layer.Sequence));

    [Test]
    public void What_only_one_place_shows_is_the_rigs() =>
        Assert.That(Investigation.Of(Here, Clean, Clean, Clean).Blame, Is.EqualTo(Layer.Rig));

    [Test]
    public void Too_few_cycles_elsewhere_or_no_failure_here_say_nothing()
    {
        Assert.That(Investigation.Of(new(2, 20), new(0, 20), null, null).Blame, Is.EqualTo(Layer.Undetermined));
        Assert.That(Investigation.Of(Here, null, null, null).Blame, Is.EqualTo(Layer.Undetermined));
        Assert.That(Investigation.Of(new(0, 20), Fails, null, null).Reason, Does.StartWith("not seen again: 0 of 20 here"));
    }
}
