namespace HilRig.Model.Runs;

/// <summary>Which runs a list shows; null is no condition.</summary>
/// <param name="Before">Id of the last run on the page before; null for the newest page. An unknown run has none before it.</param>
/// <param name="Verdict">As of the run's last event.</param>
/// <param name="StartedFrom">Begun then or later.</param>
/// <param name="StartedBefore">Begun before then.</param>
public sealed record RunQuery(
    string? Before = null,
    string? Place = null,
    string? Release = null,
    string? Sequence = null,
    Verdict? Verdict = null,
    DateTimeOffset? StartedFrom = null,
    DateTimeOffset? StartedBefore = null);
