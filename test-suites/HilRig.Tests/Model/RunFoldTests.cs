using HilRig.Agent.Steps;
using HilRig.Model.Runs;
using HilRig.Tests.Server;
using NUnit.Framework;

namespace HilRig.Tests.Model;

public class RunFoldTests
{
    [Test]
    public void A_step_that_was_stopped_is_no_failure_of_it()
    {
        var fold = new RunFold();
        fold.Apply(Event(1, new RunStarted("s", "", "", "", "p", "kv58", "", "a", "", "", 1, 1, new Dictionary<string, string>())));
        fold.Apply(Event(2, new StepEnded(1, 0, StepPhase.Steps, "update", "", Verdict.Aborted, Layer.None, new Failure("stop", "stopped", "", ""), 1, false,
            new Dictionary<string, string>(), new Dictionary<string, double>(), [])));

        Assert.That(fold.ToSummary().StepFailures, Is.Empty);
    }

    [Test]
    public void What_erases_flash_is_counted_in_every_phase_and_a_fold_of_an_older_summary_does_not_pretend_to_know()
    {
        var script = new RunScript("r-1").Cycle().Cycle(RunScript.CumulativeWrite);
        var fold = new RunFold();
        foreach (var runEvent in script.Events)
            fold.Apply(runEvent);
        var recovered = new StepEnded(2, 0, StepPhase.Recovery, "mass-erase", "", Verdict.Pass, Layer.None, null, 1, false, new Dictionary<string, string>(), new Dictionary<string, double>(), []);
        fold.Apply(new RunEvent("r-1", fold.LastNumber + 1, RunScript.Evening, recovered));
        var old = RunFold.Resume(fold.ToSummary() with { EraseSteps = null });
        old.Apply(new RunEvent("r-1", old.LastNumber + 1, RunScript.Evening, recovered));

        Assert.That(fold.ToSummary().EraseSteps, Is.EqualTo(3));
        Assert.That(old.ToSummary().EraseSteps, Is.Null);
    }

    [Test]
    public void Every_step_that_erases_by_its_name_or_by_what_it_does_is_known_to_wear() =>
        Assert.That(StepBinder.Names.Where(FlashWear.IsErasing), Is.EqualTo(StepBinder.Names.Where(name => name.Contains("erase") || name.Contains("update") || name is "install-release" or "receive-sb-file")));

    private static RunEvent Event(long number, RunEventBody body) => new("r", number, DateTimeOffset.UnixEpoch, body);
}
