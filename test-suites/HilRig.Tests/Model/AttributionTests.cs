using HilRig.Model.Runs;
using NUnit.Framework;

namespace HilRig.Tests.Model;

/// <summary>The table of <see cref="Attribution"/>, row by row.</summary>
public class AttributionTests
{
    private static readonly Rerun SamePassed = new(RerunArm.SameBoard, "p1", true, RerunOutcome.Passed, Layer.None, 0, "");
    private static readonly Rerun SameAlike = SamePassed with { Outcome = RerunOutcome.FailedAlike, Layer = Layer.Undetermined };
    private static readonly Rerun Witnessed = SamePassed with { Outcome = RerunOutcome.FailedOtherwise, Layer = Layer.Product };
    private static readonly Rerun OtherwiseUnclear = Witnessed with { Layer = Layer.Undetermined };
    private static readonly Rerun Twin = new(RerunArm.OtherBoard, "p2", true, RerunOutcome.Passed, Layer.None, 0, "");
    private static readonly Rerun TwinAlike = Twin with { Outcome = RerunOutcome.FailedAlike };
    private static readonly Rerun Reference = new(RerunArm.Reference, "p3", false, RerunOutcome.Passed, Layer.None, 0, "");
    private static readonly Rerun ReferenceAlike = Reference with { Outcome = RerunOutcome.FailedAlike };
    private static readonly Rerun NoTwin = Twin with { Outcome = RerunOutcome.NotAvailable };

    private static IEnumerable<TestCaseData> Rows()
    {
        yield return Row("a witness on trying again", 0, Layer.Product, SameAlike, Witnessed, Twin);
        yield return Row("a witness against the rig", 0, Layer.Rig, Witnessed with { Layer = Layer.Rig });
        yield return Row("another failure without a witness", 0, Layer.Undetermined, OtherwiseUnclear, Twin, Reference);
        yield return Row("line errors in the sample, clean elsewhere", 3, Layer.Rig, SamePassed, Twin, Reference);
        yield return Row("line errors in the repetition, clean elsewhere", 0, Layer.Rig, SameAlike with { LineErrors = 2 }, Twin);
        yield return Row("line errors, and nobody runs the same release", 3, Layer.Undetermined, SamePassed, Reference);
        yield return Row("line errors on the other board too", 3, Layer.Undetermined, SameAlike, Twin with { LineErrors = 1 }, Reference);
        yield return Row("follows the release", 0, Layer.Product, SameAlike, TwinAlike, Reference);
        yield return Row("line errors that follow the release", 5, Layer.Product, SameAlike, TwinAlike with { LineErrors = 4 }, Reference);
        yield return Row("comes everywhere", 0, Layer.Sequence, SameAlike, TwinAlike, ReferenceAlike);
        yield return Row("comes on one release alone", 0, Layer.Undetermined, SameAlike, TwinAlike);
        yield return Row("follows the place", 0, Layer.Undetermined, SameAlike, Twin, Reference);
        yield return Row("nothing to compare with", 0, Layer.Undetermined, SameAlike, NoTwin);
        yield return Row("did not come again", 0, Layer.Undetermined, SamePassed, SamePassed, Twin, Reference);
    }

    [TestCaseSource(nameof(Rows))]
    public void Reruns_move_a_sample_where_they_prove_it_and_nowhere_else(int lineErrors, Layer layer, Rerun[] reruns)
    {
        var (decided, because) = Attribution.Of(lineErrors, reruns);

        Assert.That(decided, Is.EqualTo(layer), because);
        Assert.That(because, Is.Not.Empty);
    }

    private static TestCaseData Row(string name, int lineErrors, Layer layer, params Rerun[] reruns) =>
        new TestCaseData(lineErrors, layer, reruns).SetArgDisplayNames(name);
}
