namespace HilRig.Model.Rig;

/// <summary>A doctor's findings.</summary>
/// <param name="At">The examined machine's clock.</param>
public sealed record Examination(DateTimeOffset At, IReadOnlyList<Finding> Findings);
