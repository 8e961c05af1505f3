using HilRig.Agent.Images;
using HilRig.Agent.Places;
using HilRig.Model.Runs;
using HilRig.Model.Sequences;

namespace HilRig.Agent.Running;

/// <summary>A run that was checked and can begin.</summary>
/// <param name="Variants">What its cycles do.</param>
/// <param name="Data">Where evidence and wedge markers go.</param>
/// <param name="Release">Name of the bootloader release under test; null to take the version that the board reports.</param>
public sealed record RunPlan(string RunId, Variants Variants, Place Place, RunImages Images, int Cycles, long Seed, string? Release, StateFolder Data)
{
    /// <summary>Where it begins: after a crash not at the first cycle.</summary>
    public ResumePoint From { get; init; } = ResumePoint.Beginning;

    /// <summary>Where else a cycle may be repeated.</summary>
    public SparePlaces Spares { get; init; } = SparePlaces.None;

    public Sequence Sequence => Variants.Sequence;

    /// <summary>The cycle of a run that it repeats for the server; null for a run of its own.</summary>
    public RerunOf? RerunOf { get; init; }

    /// <summary>What it is for.</summary>
    public RunPurpose Purpose { get; init; } = RunPurpose.Test;

    /// <summary>An id that sorts by time and names the place, for example <c>r-20261122-081523-kv58-1-3fa9</c>.</summary>
    public static string NewRunId(string place, TimeProvider time) =>
        $"r-{time.GetUtcNow():yyyyMMdd-HHmmss}-{place}-{System.Security.Cryptography.RandomNumberGenerator.GetHexString(4, lowercase: true)}";
}

/// <summary>What a run is for.</summary>
public enum RunPurpose
{
    Test,

    /// <summary>To prove a board that was wedged; the only kind that runs on a marked place.</summary>
    ProveBoard,

    /// <summary>To repeat a cycle that another run could not judge.</summary>
    Rerun,
}
