using HilRig.Agent.Places;
using HilRig.Agent.Serial;
using HilRig.Model.Runs;
using NUnit.Framework;

namespace HilRig.Tests.Agent.Places;

public class BoardHistoryTests
{
    private readonly BoardHistory history = new();

    [Test]
    public void After_a_reset_that_failed_half_way_nobody_claims_to_know_the_last_start()
    {
        history.ResetDone(ResetKind.Power, FlashContent.Application);

        history.ResetBegan(ResetKind.Bootloader);

        Assert.That(Conditions()[ConditionVocabulary.AppAtBoot], Is.EqualTo("unknown"));
        Assert.That(history.IsResetOpen, Is.True);
        history.ResetDone(ResetKind.Probe, FlashContent.Blank);
        Assert.That((Conditions()[ConditionVocabulary.AppAtBoot], Conditions()[ConditionVocabulary.LastReset], history.IsResetOpen), Is.EqualTo(("blank", "probe", false)));
    }

    [Test]
    public void Vectors_seen_after_a_reset_are_no_promise_that_a_broken_update_was_complete()
    {
        history.UpdateBegan();

        history.ResetDone(ResetKind.Probe, FlashContent.Application);

        Assert.That(history.Written, Is.EqualTo(FlashContent.Partial), "a verify must not hold the rest of the image against the board");
        Assert.That(Conditions()[ConditionVocabulary.AppNow], Is.EqualTo("application"));
    }

    [Test]
    public void What_the_core_read_is_old_once_the_application_is_erased_and_gone_with_a_reset()
    {
        var (fresh, seen) = (new BoardHistory(), new List<string>());
        foreach (var happens in new Action[]
        {
            () => { }, () => fresh.ResetDone(ResetKind.Power, FlashContent.Application), fresh.UpdateBegan, fresh.CoreHasRead,
            fresh.EraseElsewhereBegan, fresh.UpdateBegan, fresh.EraseBegan, fresh.CoreHasRead, fresh.EraseBegan, () => fresh.ResetDone(ResetKind.Probe, FlashContent.Blank),
        })
        {
            happens();
            seen.Add(fresh.Snapshot(new Dictionary<string, string>())[ConditionVocabulary.CoreRead]);
        }
        Assert.That(seen, Is.EqualTo(new[] { "unknown", "none", "none", "since-erase", "since-erase", "before-erase", "before-erase", "since-erase", "before-erase", "none" }));
    }

    [Test]
    public void What_the_serial_driver_counted_adds_up_until_the_next_reset()
    {
        history.LineCounted(new SerialLineErrors(Framing: 2, Overruns: 1, Parity: 0, Breaks: 0, BufferOverruns: 3));
        history.LineCounted(new SerialLineErrors(Framing: 1, Overruns: 0, Parity: 0, Breaks: 0, BufferOverruns: 0));
        Assert.That(LineConditions(), Is.EqualTo(("3", "4")));
        history.ResetDone(ResetKind.Probe, FlashContent.Blank);
        Assert.That(LineConditions(), Is.EqualTo(("0", "0")));
    }

    [Test]
    public void A_driver_that_does_not_count_is_recorded_as_none()
    {
        history.LineCounted(null);
        history.ResetDone(ResetKind.Probe, FlashContent.Blank);
        Assert.That(LineConditions(), Is.EqualTo(("none", "none")));
    }

    private (string Framing, string Overruns) LineConditions() =>
        (Conditions()[ConditionVocabulary.FramingErrorsSinceReset], Conditions()[ConditionVocabulary.OverrunsSinceReset]);

    private IReadOnlyDictionary<string, string> Conditions() => history.Snapshot(new Dictionary<string, string>());
}
