namespace HilRig.Model.Runs;

/// <summary>What a repeated cycle came to, read from its events; the same beside the board and over the farm.</summary>
public static class RerunReading
{
    /// <summary>
    /// What the link counts when bytes came altered or went missing. Skipped bytes are not among them: the text of an application that
    /// started is skipped as well.
    /// </summary>
    private static readonly string[] LineErrorNames = ["bad-crcs", "naks-received", "naks-sent", "truncated-frames", "missing-acks"];

    /// <summary>Statuses by which the board itself complains that bytes did not come, or came wrong, where the step was left undetermined for them.</summary>
    private static readonly string[] LineStatuses = ["1", "5", "6", "10002", "10003"];

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

    /// <summary>What the rig saw go wrong on the line, and what the board complains of: bytes that did not reach it, only it can miss.</summary>
    public static int LineErrors(StepEnded step) =>
        (int)LineErrorNames.Sum(name => step.Measurements.GetValueOrDefault(name))
        + (step is { Layer: Layer.Undetermined, Failure: { } failure } && LineStatuses.Contains(failure.Code) ? 1 : 0);
}
