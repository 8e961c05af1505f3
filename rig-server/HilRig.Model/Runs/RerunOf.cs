namespace HilRig.Model.Runs;

/// <summary>What a run repeats: the cycle of another run in which a sample was undetermined. Its own steps are no samples; they were chosen because something failed.</summary>
/// <param name="Number">The event that ended the step.</param>
public sealed record RerunOf(string RunId, long Number, int Cycle, RerunArm Arm);
