using HilRig.Agent;
using HilRig.Agent.Bootloader;
using HilRig.Agent.Power;
using HilRig.Agent.Running;
using HilRig.Agent.Serial;
using HilRig.Kboot;
using HilRig.Model.Runs;
using NUnit.Framework;

namespace HilRig.Tests.Agent.Running;

/// <summary>The table of <see cref="Judgement"/>, row by row.</summary>
public class JudgementTests
{
    private static readonly WitnessReport AllWell = new(true, true, CoreState.Alive, ContentState.AsClaimed, 3.3, "", "");
    private static readonly WitnessReport ProbeDead = AllWell with { ProbeAnswers = false, Core = CoreState.Unknown, Content = ContentState.NotLookedAt };
    private static readonly WitnessReport SupplyOff = AllWell with { SupplyIsOn = false };

    private static readonly BootloaderStatusException Cumulative = new(CommandTag.WriteMemory, StatusCode.MemoryCumulativeWrite, 992);
    private static readonly BootloaderStatusException OutOfRange = new(CommandTag.WriteMemory, StatusCode.MemoryRangeInvalid, 32);
    private static readonly BootloaderStatusException Stalled = new(CommandTag.WriteMemory, StatusCode.Timeout, 64);
    private static readonly LinkSilenceException Silence = new("no ACK", TimeSpan.FromSeconds(1), 0);

    private static IEnumerable<TestCaseData> Rows()
    {
        yield return Row("content seen by SWD", new DutFailureException(new Failure("compare-swd", "mismatch", "", "")), AllWell, Verdict.Fail, Layer.Product, "mismatch");
        yield return Row("impossible step", new SequenceStepException("verify", ""), AllWell, Verdict.Inconclusive, Layer.Sequence, "sequence");
        yield return Row("supply", new RigException("power", ""), AllWell, Verdict.Error, Layer.Rig, "rig");
        yield return Row("a cut that nothing measured", new CutNotPerformedException("p1", ""), AllWell, Verdict.Error, Layer.Rig, "cut-not-performed");
        yield return Row("serial port", new SerialLinkException("tty", "gone", "plug it in"), AllWell, Verdict.Error, Layer.Rig, "rig");
        yield return Row("status, all well", Cumulative, AllWell, Verdict.Fail, Layer.Product, "10203");
        yield return Row("status, all written", Cumulative, AllWell with { Content = ContentState.AsIntended }, Verdict.Fail, Layer.Product, "said-failed-wrote-right");
        yield return Row("status, never erased", Cumulative, AllWell with { Content = ContentState.NeverErased }, Verdict.Fail, Layer.Product, "said-erased-did-not");
        yield return Row("status, probe dead", Cumulative, ProbeDead, Verdict.Inconclusive, Layer.Undetermined, "10203");
        yield return Row("status, supply off", Cumulative, SupplyOff, Verdict.Inconclusive, Layer.Undetermined, "10203");
        yield return Row("status of the link", Stalled, AllWell, Verdict.Inconclusive, Layer.Undetermined, "5");
        yield return Row("wrong packet type in a write", new BootloaderStatusException(CommandTag.WriteMemory, StatusCode.Fail, 64), AllWell, Verdict.Inconclusive, Layer.Undetermined, "1");
        yield return Row("wrong packet type in a read", new BootloaderStatusException(CommandTag.ReadMemory, StatusCode.Fail, 3552), AllWell, Verdict.Inconclusive, Layer.Undetermined, "1");
        yield return Row("refused, as the map says it must be", OutOfRange, AllWell with { Request = RequestState.Refusable }, Verdict.Inconclusive, Layer.Sequence, "10200");
        yield return Row("refused, and the map allows it", OutOfRange, AllWell with { Request = RequestState.Sound }, Verdict.Fail, Layer.Product, "10200");
        yield return Row("refused, and the map allows it, probe dead", OutOfRange, ProbeDead with { Request = RequestState.Sound }, Verdict.Inconclusive, Layer.Undetermined, "10200");
        yield return Row("refused, and the map says nothing", new BootloaderStatusException(CommandTag.SetProperty, StatusCode.ReadOnlyProperty, 0), AllWell, Verdict.Inconclusive, Layer.Undetermined, "10301");
        yield return Row("written over flash in use", Cumulative, AllWell with { Content = ContentState.InUse }, Verdict.Inconclusive, Layer.Sequence, "10203");
        yield return Row("a call that failed", new BootloaderStatusException(CommandTag.Call, StatusCode.Fail, 0), AllWell, Verdict.Fail, Layer.Product, "1");
        yield return Row("silence, probe dead", Silence, ProbeDead, Verdict.Inconclusive, Layer.Undetermined, "no-response");
        yield return Row("silence, supply off", Silence, SupplyOff, Verdict.Error, Layer.Rig, "supply-off");
        yield return Row("silence, supply off by a step of the run", Silence, SupplyOff with { SupplyWasTaken = true }, Verdict.Inconclusive, Layer.Sequence, "supply-off");
        yield return Row("silence, supply dropped", Silence, AllWell with { Stray = StrayReset.Supply, Core = CoreState.ResetLoop }, Verdict.Error, Layer.Rig, "supply-dropped");
        yield return Row("silence, reset pin", Silence, AllWell with { Stray = StrayReset.Pin }, Verdict.Error, Layer.Rig, "reset-pin");
        yield return Row("silence, watchdog", Silence, AllWell with { Stray = StrayReset.Watchdog }, Verdict.Fail, Layer.Product, "watchdog");
        yield return Row("silence, reset by lockup", Silence, AllWell with { Stray = StrayReset.Lockup }, Verdict.Fail, Layer.Product, "lockup");
        yield return Row("silence, reset by lockup again and again", Silence, AllWell with { Stray = StrayReset.Lockup, Core = CoreState.ResetLoop }, Verdict.Fail, Layer.Product, "reset-loop");
        yield return Row("silence, flash busy for ever", Silence, AllWell with { IsFlashBusy = true }, Verdict.Fail, Layer.Product, "flash-busy");
        yield return Row("silence, stuck in an application written in part", Silence, AllWell with { Core = CoreState.StuckInPart }, Verdict.Inconclusive, Layer.Undetermined, "no-response");
        yield return Row("silence, core alive", Silence, AllWell, Verdict.Inconclusive, Layer.Undetermined, "no-response");
        yield return Row("silence, and the image leaves the UART out", Silence, AllWell with { IsUartLeftOut = true }, Verdict.Inconclusive, Layer.Sequence, "uart-left-out");
        yield return Row("silence, the image leaves the UART out, but the core is locked up", Silence, AllWell with { IsUartLeftOut = true, Core = CoreState.LockedUp }, Verdict.Fail, Layer.Product, "lockup");
        yield return Row("silence, core held in reset", Silence, AllWell with { Core = CoreState.HeldInReset }, Verdict.Inconclusive, Layer.Undetermined, "no-response");
        yield return Row("silence, core halted", Silence, AllWell with { Core = CoreState.Halted }, Verdict.Error, Layer.Rig, "core-halted");
        yield return Row("silence, lockup", Silence, AllWell with { Core = CoreState.LockedUp }, Verdict.Fail, Layer.Product, "lockup");
        yield return Row("silence, core stuck", Silence, AllWell with { Core = CoreState.Stuck }, Verdict.Fail, Layer.Product, "core-stuck");
        yield return Row("silence, reset loop", Silence, AllWell with { Core = CoreState.ResetLoop }, Verdict.Fail, Layer.Product, "reset-loop");
        yield return Row("nonsense on the line, core alive", new LinkProtocolException(""), AllWell, Verdict.Inconclusive, Layer.Undetermined, "protocol");
        yield return Row("our own mistake", new InvalidOperationException(), AllWell, Verdict.Error, Layer.Rig, "InvalidOperationException");
    }

    [TestCaseSource(nameof(Rows))]
    public void Blame_falls_where_the_witnesses_point(Exception exception, WitnessReport witnesses, Verdict verdict, Layer layer, string code)
    {
        var judgement = Judgement.Of(exception, witnesses);

        Assert.That((judgement.Verdict, judgement.Layer, judgement.Failure.Code), Is.EqualTo((verdict, layer, code)));
    }

    [Test]
    public void A_status_makes_the_fingerprint_of_the_forum_thread() =>
        Assert.That(Fingerprint.Of("update", Judgement.Of(Cumulative, AllWell).Failure).ToString(), Is.EqualTo("update · write-memory · 10203 kStatusMemoryCumulativeWrite"));

    private static TestCaseData Row(string name, Exception exception, WitnessReport witnesses, Verdict verdict, Layer layer, string code) =>
        new TestCaseData(exception, witnesses, verdict, layer, code).SetArgDisplayNames(name);
}
