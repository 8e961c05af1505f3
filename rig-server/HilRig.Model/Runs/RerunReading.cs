namespace HilRig.Model.Runs;

/// <summary>What a repeated cycle came to, read from its events; the same beside the board and over the farm.</summary>
public static class RerunReading
{
    /// <summary>What the link counts when bytes came altered or went missing.</summary>
    private static readonly string[] LineErrorNames = ["bad-crcs", "naks-received", "naks-sent", "truncated-frames", "skipped-bytes", "missing-acks"];

    public static Rerun Of(RerunArm arm, string place, StepEnded sample, IReadOnlyList<RunEventBody> bodies, bool sameRelease)
    {
        var done = bodies.OfType<StepEnded>().Where(step => step.Phase is StepPhase.Setup or StepPhase.Steps).ToList();
        var lineErrors = done.Sum(LineErrors);
        var failed = done.Find(step => step.Verdict > Verdict.Pass);
        if (failed is null)
        {
            return bodies.OfType<CycleEnded>().Any()
                ? new Rerun(arm, place, sameRelease, RerunOutcome.Passed, Layer.None, lineErrors, "passed")
                : new Rerun(arm, place, sameRelease, RerunOutcome.NotAvailable, Layer.None, lineErrors, bodies.OfType<RunEnded>().LastOrDefault()?.Message ?? "it did not begin");
        }
        var isAlike = failed.Step == sample.Step && failed.Failure?.Operation == sample.Failure?.Operation && failed.Failure?.Code == sample.Failure?.Code;
        return new Rerun(arm, place, sameRelease, isAlike ? RerunOutcome.FailedAlike : RerunOutcome.FailedOtherwise, failed.Layer, lineErrors,
            failed.Failure is { } failure ? $"{Fingerprint.Of(failed.Step, failure)}: {failure.Message}" : "stopped");
    }

    public static int LineErrors(StepEnded step) => (int)LineErrorNames.Sum(name => step.Measurements.GetValueOrDefault(name));
}
