namespace HilRig.Model.Runs;

/// <summary>One repetition of the cycle in which a sample was undetermined.</summary>
/// <param name="SameRelease">The board runs the very bytes of the bootloader under test.</param>
/// <param name="Layer">Who was to blame for what failed in the rerun.</param>
/// <param name="LineErrors">Bytes or packets that came altered or went missing on its line.</param>
/// <param name="Seen">What it ended in, or why it could not be had.</param>
public sealed record Rerun(RerunArm Arm, string Place, bool SameRelease, RerunOutcome Outcome, Layer Layer, int LineErrors, string Seen);

/// <summary>Where a cycle is repeated.</summary>
public enum RerunArm
{
    SameBoard,

    /// <summary>Another place with a board of the same type.</summary>
    OtherBoard,

    /// <summary>A place that the places file tags as reference.</summary>
    Reference,
}

/// <summary>How a repetition ended.</summary>
public enum RerunOutcome
{
    Passed,

    /// <summary>With the fingerprint of the sample.</summary>
    FailedAlike,

    FailedOtherwise,

    /// <summary>There is no such place, or it was not free.</summary>
    NotAvailable,
}
