namespace HilRig.Model.Runs;

/// <summary>The one rule by which reruns move an undetermined sample to a layer.</summary>
public static class Attribution
{
    /// <summary>
    /// Rows are tried from the top. A control is a rerun on another board or on the reference; clean means passed without a line error.
    /// <code>
    /// same board                        | controls                                      | layer
    /// ----------------------------------+-----------------------------------------------+-------------
    /// fails with a witness              | –                                             | the witness's
    /// line errors, now or in the sample | all clean, one of the same release at least   | rig
    /// fails alike                       | same release alike, another release passes    | product
    /// fails alike                       | all alike, of two releases at least           | sequence
    /// fails alike                       | same release passes                           | undetermined: the board or its wiring
    /// fails alike                       | none, or of one release alone                 | undetermined: nothing to compare with
    /// passes                            | –                                             | undetermined: it did not come again
    /// </code>
    /// A line error alone does not accuse the line: a bootloader that loses bytes makes them too, on every board that runs it.
    /// </summary>
    public static (Layer Layer, string Because) Of(int lineErrors, IReadOnlyList<Rerun> reruns)
    {
        var same = reruns.Where(rerun => rerun.Arm == RerunArm.SameBoard && rerun.Outcome != RerunOutcome.NotAvailable).ToList();
        var controls = reruns.Where(rerun => rerun.Arm != RerunArm.SameBoard && rerun.Outcome != RerunOutcome.NotAvailable).ToList();
        var twins = controls.Where(rerun => rerun.SameRelease).ToList();
        var strangers = controls.Where(rerun => !rerun.SameRelease).ToList();

        if (same.Find(rerun => rerun.Outcome == RerunOutcome.FailedOtherwise && rerun.Layer is Layer.Product or Layer.Rig) is { } witnessed)
            return (witnessed.Layer, $"the same cycle failed again on the same board, this time with a witness: {witnessed.Seen}");
        lineErrors += same.Sum(rerun => rerun.LineErrors);
        if (lineErrors > 0 && twins.Count > 0 && controls.TrueForAll(IsClean))
            return (Layer.Rig, $"{lineErrors} line errors on this place, none on {Places(controls)} with the same release: its cable, adapter or supply");
        if (!same.Exists(IsAlike))
            return (Layer.Undetermined, $"it did not come again in {same.Count} repetitions on the same board");
        if (twins.Exists(IsAlike) && strangers.Count > 0 && strangers.TrueForAll(rerun => rerun.Outcome == RerunOutcome.Passed))
            return (Layer.Product, $"it comes again on {Places(twins.Where(IsAlike))} with the same release and not on {Places(strangers)} with another");
        if (twins.Count > 0 && strangers.Count > 0 && controls.TrueForAll(IsAlike))
            return (Layer.Sequence, $"it comes on every board and release: {Places(controls)}; the sequence asks what none of them does");
        return (Layer.Undetermined, twins.Exists(rerun => rerun.Outcome == RerunOutcome.Passed)
            ? $"it follows this place: the same release passes on {Places(twins)}; exchange the board to tell it from its wiring"
            : $"it comes again, and there is nothing to compare with: {(controls.Count == 0 ? "no other place was free" : $"{Places(controls)} differ in more than one thing")}");
    }

    private static bool IsAlike(Rerun rerun) => rerun.Outcome == RerunOutcome.FailedAlike;

    private static bool IsClean(Rerun rerun) => rerun is { Outcome: RerunOutcome.Passed, LineErrors: 0 };

    private static string Places(IEnumerable<Rerun> reruns) => string.Join(", ", reruns.Select(rerun => rerun.Place).Distinct());
}
