using HilRig.Model.Runs;

namespace HilRig.Bench.Corpus;

/// <summary>A cause that is injected, and the layer in which that was done: the truth of which the agent is never told.</summary>
/// <param name="Draw">What one repetition does; every size, moment and probability in it comes from the random number generator.</param>
public sealed record LabelledFault(string Name, Layer Truth, Func<Random, Trial> Draw)
{
    /// <summary>All of them: what is wrong in the product, in the rig, in the sequence.</summary>
    public static IReadOnlyList<LabelledFault> All { get; } = [.. ProductFaults.All, .. RigFaults.All, .. SequenceFaults.All];
}
