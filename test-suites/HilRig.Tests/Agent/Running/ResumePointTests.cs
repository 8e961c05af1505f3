using HilRig.Agent.Running;
using HilRig.Model.Runs;
using NUnit.Framework;

namespace HilRig.Tests.Agent.Running;

public class ResumePointTests
{
    private static readonly RunStarted Started = new("s", "", "1", "", "p", "kv58", "b", "a", "", "", 9, 7, new Dictionary<string, string>());

    [Test]
    public void A_run_goes_on_after_the_cycle_that_was_open()
    {
        var point = Of(Started, new CycleStarted(1), Begun("update"), Ended("update", 3), new CycleEnded(1, Verdict.Fail, Layer.Product), new CycleStarted(2), Begun("reset"));

        Assert.That((point.NextCycle, point.OpenStep?.Step, point.BootNumber, point.Worst), Is.EqualTo((3, "reset", 3, Verdict.Fail)));
        Assert.That(point.Because, Is.EqualTo("the agent died in `reset`"));
        Assert.That(point.NewlyParked(), Is.Null, "once is no habit");
    }

    [Test]
    public void A_death_between_steps_accuses_no_step()
    {
        var point = Of(Started, new CycleStarted(1), Begun("update"), Ended("update", 0));

        Assert.That((point.OpenStep, point.Crashes.Count, point.Because), Is.EqualTo(((StepKey?)null, 0, "the agent died between two steps")));
    }

    [Test]
    public void A_step_that_was_open_at_two_deaths_is_parked_wherever_it_stands_again()
    {
        var point = Of(Started, new CycleStarted(1), Begun("update"), new RunResumed(2, ""), new CycleStarted(2), Begun("ping"), Ended("ping", 0), Begun("update"));

        Assert.That(point.NewlyParked(), Is.EqualTo(new StepParked(StepPhase.Steps, "update", "", 2)));
        Assert.That((point.IsParked(new StepKey(StepPhase.Steps, "update", "")), point.IsParked(new StepKey(StepPhase.Steps, "update", "recipe=rig"))), Is.EqualTo((true, false)));
    }

    [Test]
    public void A_parked_step_stays_parked_and_is_announced_once()
    {
        var point = Of(Started, new CycleStarted(1), Begun("update"), new RunResumed(2, ""), new CycleStarted(2), Begun("update"), new RunResumed(3, ""), new CycleStarted(3), Begun("ping"));

        Assert.That(point.IsParked(new StepKey(StepPhase.Steps, "update", "")));
        Assert.That(point.NewlyParked(), Is.Null);
    }

    [Test]
    public void A_skipped_step_is_no_crash()
    {
        var point = Of(Started, new CycleStarted(1), Begun("update"), new CycleCutShort(1, ""), new CycleStarted(2));

        Assert.That((point.OpenStep, point.NextCycle), Is.EqualTo(((StepKey?)null, 3)));
    }

    private static ResumePoint Of(params RunEventBody[] bodies) =>
        ResumePoint.Of(bodies.Select((body, index) => new RunEvent("r", index + 1, DateTimeOffset.UnixEpoch, body)));

    private static StepStarted Begun(string step) => new(1, 0, StepPhase.Steps, step, "");

    private static StepEnded Ended(string step, int boots) => new(1, 0, StepPhase.Steps, step, "", Verdict.Pass, Layer.None, null, 1, false,
        new Dictionary<string, string> { [ConditionVocabulary.BootNumber] = $"{boots}" }, new Dictionary<string, double>(), []);
}
