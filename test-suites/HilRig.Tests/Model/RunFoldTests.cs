using HilRig.Model.Runs;
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

    private static RunEvent Event(long number, RunEventBody body) => new("r", number, DateTimeOffset.UnixEpoch, body);
}
