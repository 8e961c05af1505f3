using HilRig.Agent;
using HilRig.Agent.Bootloader;
using HilRig.Agent.Running;
using HilRig.Agent.Serial;
using HilRig.Kboot;
using HilRig.Model.Runs;
using NUnit.Framework;

namespace HilRig.Tests.Agent.Running;

/// <summary>The table of <see cref="Judgement"/>, row by row.</summary>
public class JudgementTests
{
    private static readonly WitnessReport AllWell = new(true, true, false, "");
    private static readonly WitnessReport ProbeDead = new(false, true, false, "");
    private static readonly WitnessReport SupplyOff = new(true, false, false, "");
    private static readonly WitnessReport Lockup = new(true, true, true, "");

    private static readonly BootloaderStatusException Cumulative = new(CommandTag.WriteMemory, StatusCode.MemoryCumulativeWrite, 992);
    private static readonly BootloaderStatusException Stalled = new(CommandTag.WriteMemory, StatusCode.Timeout, 64);
    private static readonly LinkSilenceException Silence = new("no ACK", TimeSpan.FromSeconds(1), 0);

    private static IEnumerable<TestCaseData> Rows()
    {
        yield return Row("content seen by SWD", new DutFailureException(new Failure("compare-swd", "mismatch", "", "")), AllWell, Verdict.Fail, Layer.Product);
        yield return Row("impossible step", new SequenceStepException("verify", ""), AllWell, Verdict.Inconclusive, Layer.Sequence);
        yield return Row("supply", new RigException("power", ""), AllWell, Verdict.Error, Layer.Rig);
        yield return Row("serial port", new SerialLinkException("tty", "gone", "plug it in"), AllWell, Verdict.Error, Layer.Rig);
        yield return Row("status, all well", Cumulative, AllWell, Verdict.Fail, Layer.Product);
        yield return Row("status, probe dead", Cumulative, ProbeDead, Verdict.Inconclusive, Layer.Undetermined);
        yield return Row("status, supply off", Cumulative, SupplyOff, Verdict.Inconclusive, Layer.Undetermined);
        yield return Row("status of the link", Stalled, AllWell, Verdict.Inconclusive, Layer.Undetermined);
        yield return Row("wrong packet type in a write", new BootloaderStatusException(CommandTag.WriteMemory, StatusCode.Fail, 64), AllWell, Verdict.Inconclusive, Layer.Undetermined);
        yield return Row("a call that failed", new BootloaderStatusException(CommandTag.Call, StatusCode.Fail, 0), AllWell, Verdict.Fail, Layer.Product);
        yield return Row("silence, all well", Silence, AllWell, Verdict.Inconclusive, Layer.Undetermined);
        yield return Row("silence, probe dead", Silence, ProbeDead, Verdict.Inconclusive, Layer.Undetermined);
        yield return Row("silence, supply off", Silence, SupplyOff, Verdict.Error, Layer.Rig);
        yield return Row("silence, lockup", Silence, Lockup, Verdict.Fail, Layer.Product);
        yield return Row("nonsense on the line", new LinkProtocolException(""), AllWell, Verdict.Inconclusive, Layer.Undetermined);
        yield return Row("our own mistake", new InvalidOperationException(), AllWell, Verdict.Error, Layer.Rig);
    }

    [TestCaseSource(nameof(Rows))]
    public void Blame_falls_where_the_witnesses_point(Exception exception, WitnessReport witnesses, Verdict verdict, Layer layer)
    {
        var judgement = Judgement.Of(exception, witnesses);

        Assert.That((judgement.Verdict, judgement.Layer), Is.EqualTo((verdict, layer)));
    }

    [Test]
    public void A_status_makes_the_fingerprint_of_the_forum_thread() =>
        Assert.That(Fingerprint.Of("update", Judgement.Of(Cumulative, AllWell).Failure).ToString(), Is.EqualTo("update · write-memory · 10203 kStatusMemoryCumulativeWrite"));

    private static TestCaseData Row(string name, Exception exception, WitnessReport witnesses, Verdict verdict, Layer layer) =>
        new TestCaseData(exception, witnesses, verdict, layer).SetArgDisplayNames(name);
}
