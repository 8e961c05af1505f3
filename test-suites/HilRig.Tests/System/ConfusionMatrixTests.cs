using HilRig.Bench.Corpus;
using HilRig.Model.Runs;
using NUnit.Framework;

namespace HilRig.Tests.SystemTests;

/// <summary>How a run of the corpus is read and counted.</summary>
public class ConfusionMatrixTests
{
    private static readonly RunEnded Ended = new(Verdict.Error, EndReason.Completed, "2 cycles");

    [Test]
    public void One_wrong_accusation_makes_a_run_wrong_whatever_else_it_says_rightly() =>
        Assert.That(Said(Layer.Product, Step(Layer.Product), Step(Layer.Rig), Step(Layer.Undetermined), Ended), Is.EqualTo(Layer.Rig));

    [Test]
    public void A_right_accusation_outweighs_what_stayed_undetermined() =>
        Assert.That(Said(Layer.Rig, Step(Layer.Undetermined), Step(Layer.Rig), Ended), Is.EqualTo(Layer.Rig));

    [Test]
    public void Reruns_have_the_last_word_on_their_sample() =>
        Assert.That(Said(Layer.Sequence, Step(Layer.Undetermined), new SampleAttributed(1, 1, "update", Layer.Sequence, "", []), Ended with { Verdict = Verdict.Inconclusive }), Is.EqualTo(Layer.Sequence));

    [Test]
    public void A_run_that_ends_for_the_rigs_reasons_accuses_the_rig() =>
        Assert.That(Said(Layer.Product, Step(Layer.Product), new RunEnded(Verdict.Error, EndReason.RigLost, "no probe")), Is.EqualTo(Layer.Rig));

    [Test]
    public void Where_nothing_failed_there_is_nothing_to_judge() =>
        Assert.That(Said(Layer.Product, new RunEnded(Verdict.Pass, EndReason.Completed, "")), Is.EqualTo(Layer.None));

    [Test]
    public void Rates_are_over_what_was_judged_and_name_the_faults_that_went_wrong()
    {
        var matrix = new ConfusionMatrix(
        [
            Result("a", Layer.Product, Layer.Product), Result("a", Layer.Product, Layer.Rig), Result("a", Layer.Product, Layer.None), Result("a", Layer.Product, Layer.Rig) with { IsVoid = true },
            Result("b", Layer.Rig, Layer.Rig), Result("b", Layer.Rig, Layer.Undetermined),
        ]);

        var lines = string.Join('\n', matrix.Lines());

        Assert.That(lines, Does.Contain("| product | 1 | 2 | 1 | 1 | 0 | 0 | 1 |").And.Contain("product called rig | 0.5 % | 1/2 [").And.Contain("undetermined | 5 % | 1/4 ["));
        Assert.That(lines, Does.Contain("| a | product | product 1, rig 1 |").And.Contain("| b | rig | rig 1, undetermined 1 |").And.Contain("1 further runs are void"));
    }

    private static Layer Said(Layer truth, params RunEventBody[] bodies) =>
        TrialOutcome.Of([.. bodies.Select((body, index) => new RunEvent("r", index + 1, DateTimeOffset.UnixEpoch, body))], truth).Said;

    private static StepEnded Step(Layer layer) => new(
        1, 0, StepPhase.Steps, "update", "", layer == Layer.Rig ? Verdict.Error : Verdict.Fail, layer, new Failure("write-memory", "5", "", ""), 1, false,
        new Dictionary<string, string>(), new Dictionary<string, double>(), []);

    private static TrialResult Result(string fault, Layer truth, Layer said) => new(fault, truth, 1, said, 1, "");
}
