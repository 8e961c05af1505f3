namespace HilRig.Model.Runs;

/// <summary>Which runs a list shows; null is no condition.</summary>
/// <param name="Before">Id of the last run on the page before; null for the newest page. An unknown run has none before it.</param>
/// <param name="Verdict">As of the run's last event.</param>
/// <param name="StartedFrom">Begun then or later.</param>
/// <param name="StartedBefore">Begun before then.</param>
/// <param name="Running">True for those that go on, false for those that are over.</param>
/// <param name="Layer">Who is to blame for at least one of its cycles.</param>
public sealed record RunQuery(
    string? Before = null,
    string? Place = null,
    string? Release = null,
    string? Sequence = null,
    Verdict? Verdict = null,
    DateTimeOffset? StartedFrom = null,
    DateTimeOffset? StartedBefore = null,
    bool? Running = null,
    Layer? Layer = null);
