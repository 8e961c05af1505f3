namespace HilRig.Model.Runs;

/// <summary>A run folded from its events: what lists and headers show.</summary>
/// <param name="CyclesByVerdict">Finished cycles by their verdict.</param>
/// <param name="StepFailures">Failed, inconclusive and error steps by fingerprint text, phase <see cref="StepPhase.Steps"/> only.</param>
/// <param name="Ended">Null while the run goes on.</param>
public sealed record RunSummary(
    string RunId,
    RunStarted Started,
    DateTimeOffset StartedAt,
    DateTimeOffset LastEventAt,
    long LastNumber,
    int CyclesDone,
    int MarginalSteps,
    IReadOnlyDictionary<Verdict, int> CyclesByVerdict,
    IReadOnlyDictionary<string, int> StepFailures,
    Verdict Verdict,
    RunEnded? Ended)
{
    public bool IsRunning => Ended is null;

    /// <summary>When the newest cycle that failed, or that nobody can judge, ended; null where there is none, and in what an older version stored.</summary>
    public DateTimeOffset? LastFailureAt { get; init; }

    /// <summary>Steps of any phase that erased flash, <see cref="FlashWear"/>; null in what an older version stored.</summary>
    public int? EraseSteps { get; init; }
}
