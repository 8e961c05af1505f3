using System.Text.Json.Serialization;

namespace HilRig.Model.Runs;

/// <summary>One thing that happened in a run. Numbers start at 1 and have no gaps; (run, number) is its identity everywhere.</summary>
/// <param name="RunId">The run it belongs to.</param>
/// <param name="Number">1, 2, 3 … in the order in which the agent wrote them to disk.</param>
/// <param name="At">When, by the agent's clock, UTC.</param>
/// <param name="Body">What.</param>
public sealed record RunEvent(string RunId, long Number, DateTimeOffset At, RunEventBody Body);

/// <summary>What happened. The <c>type</c> in JSON is the discriminator and never changes its meaning.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(RunStarted), "run-started")]
[JsonDerivedType(typeof(CycleStarted), "cycle-started")]
[JsonDerivedType(typeof(StepStarted), "step-started")]
[JsonDerivedType(typeof(StepEnded), "step-ended")]
[JsonDerivedType(typeof(CycleEnded), "cycle-ended")]
[JsonDerivedType(typeof(RigNotice), "rig-notice")]
[JsonDerivedType(typeof(RunResumed), "run-resumed")]
[JsonDerivedType(typeof(StepParked), "step-parked")]
[JsonDerivedType(typeof(CycleCutShort), "cycle-cut-short")]
[JsonDerivedType(typeof(SampleAttributed), "sample-attributed")]
[JsonDerivedType(typeof(RunEnded), "run-ended")]
public abstract record RunEventBody;

/// <summary>The first event: everything needed to say what was run, on what, with what.</summary>
public sealed record RunStarted(
    string Sequence,
    string SequenceDigest,
    string Release,
    string ReleaseDigest,
    string Place,
    string BoardType,
    string BoardId,
    string Agent,
    string Image,
    string ImageDigest,
    int Cycles,
    long Seed,
    IReadOnlyDictionary<string, string> Versions) : RunEventBody
{
    /// <summary>The cycle of another run that this one repeats; null for nearly all.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RerunOf? RerunOf { get; init; }

    /// <summary>What the place's adapters hang on, together with those of its neighbours; null where the places file names none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Hub { get; init; }
}

/// <param name="Cycle">1-based; cycle 0 is the setup.</param>
public sealed record CycleStarted(int Cycle) : RunEventBody;

/// <param name="Cycle">1-based; 0 is the setup.</param>
/// <param name="Index">0-based position in the cycle as it was executed.</param>
/// <param name="Phase">Which part of the sequence the step stands in.</param>
/// <param name="Step">The step's name in the sequence language.</param>
/// <param name="Arguments">Its arguments as one line of text, as a person would write them.</param>
public sealed record StepStarted(int Cycle, int Index, StepPhase Phase, string Step, string Arguments) : RunEventBody;

/// <summary>The result of one step: the sample that all statistics are made of.</summary>
/// <param name="DurationMs">Wall time in milliseconds.</param>
/// <param name="Marginal">Passed, but not at once: resends, skipped bytes, a second ping.</param>
/// <param name="Conditions">What held before the step, by name of the condition vocabulary.</param>
/// <param name="Measurements">Counts and figures taken during the step.</param>
/// <param name="Evidence">What was captured before any recovery; empty for a pass.</param>
public sealed record StepEnded(
    int Cycle,
    int Index,
    StepPhase Phase,
    string Step,
    string Arguments,
    Verdict Verdict,
    Layer Layer,
    Failure? Failure,
    double DurationMs,
    bool Marginal,
    IReadOnlyDictionary<string, string> Conditions,
    IReadOnlyDictionary<string, double> Measurements,
    IReadOnlyList<EvidenceItem> Evidence) : RunEventBody;

public sealed record CycleEnded(int Cycle, Verdict Verdict, Layer Layer) : RunEventBody;

/// <summary>Something about the rig that a reader of the run should know: a probe restarted, a server came back.</summary>
/// <param name="Subject">The part of the rig: <c>probe</c>, <c>serial</c>, <c>power</c>, <c>agent</c>.</param>
public sealed record RigNotice(string Subject, string Message) : RunEventBody;

/// <summary>
/// The agent or its machine died and the run goes on. A cycle that was open then has no verdict and a step that was open is no sample;
/// the setup is done anew.
/// </summary>
/// <param name="NextCycle">The first cycle after this event.</param>
/// <param name="Because">What the journal showed.</param>
public sealed record RunResumed(int NextCycle, string Because) : RunEventBody;

/// <summary>A step was open at more than one crash of the agent; from now on it is refused instead of executed.</summary>
public sealed record StepParked(StepPhase Phase, string Step, string Arguments, int Crashes) : RunEventBody;

/// <summary>A person skipped the rest of a cycle: it has no verdict, and its open step is no sample.</summary>
public sealed record CycleCutShort(int Cycle, string Because) : RunEventBody;

/// <summary>What discriminating reruns made of an undetermined sample. The sample stays as it was judged; this says more of it.</summary>
/// <param name="Number">The event that ended the step.</param>
/// <param name="Layer">Where it belongs; <see cref="Layer.Undetermined"/> where the reruns could not say.</param>
/// <param name="Because">The reason in words.</param>
public sealed record SampleAttributed(long Number, int Cycle, string Step, Layer Layer, string Because, IReadOnlyList<Rerun> Reruns) : RunEventBody;

public sealed record RunEnded(Verdict Verdict, EndReason Reason, string Message) : RunEventBody
{
    /// <summary>The part of the rig that ended it: <c>serial</c>, <c>probe</c>, <c>power</c>; null where none did.</summary>
    public string? Part { get; init; }
}

/// <summary>Which part of a sequence a step stands in. Only <see cref="Steps"/> are samples.</summary>
public enum StepPhase
{
    Setup,
    Steps,
    Cleanup,

    /// <summary>What the sequence asks for after a cycle that did not pass, before anything recovers the board.</summary>
    OnFailure,

    /// <summary>What the agent did on its own to bring the board back after a failure; never a sample.</summary>
    Recovery,
}
