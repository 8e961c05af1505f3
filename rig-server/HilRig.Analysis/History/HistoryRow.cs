namespace HilRig.Analysis.History;

/// <summary>One executed step as a history file tells it.</summary>
/// <param name="IsRecovery">A power cycle after a failure; never a trial.</param>
/// <param name="Time">Start in seconds since the night began.</param>
/// <param name="Image">Empty but for update and verify.</param>
/// <param name="Size">kB; 0 but for update and verify.</param>
/// <param name="Fingerprint">Null for a pass.</param>
/// <param name="Witnessed">The rig raised an alarm of its own.</param>
public sealed record HistoryRow(
    int Night,
    string Release,
    string Agent,
    string Board,
    int Cycle,
    string Sequence,
    int StepIndex,
    string Step,
    bool IsRecovery,
    double Time,
    string Image,
    int Size,
    string Baud,
    int UpdatesSinceReset,
    double SecondsSinceReset,
    int CyclesSincePower,
    string LastReset,
    string SameImage,
    string? Fingerprint,
    bool Witnessed)
{
    /// <summary>The control release, known to be good.</summary>
    public const string Golden = "GOLD";

    public bool Failed => Fingerprint is not null;

    /// <summary>True when the device gave no answer: a rig can do that as well as a product.</summary>
    public bool IsSilence => Fingerprint is "TIMEOUT" or "NO_ACK";
}
