namespace HilRig.Server.Retention;

/// <summary>How long each kind is kept, counted from a run's start; null for ever. What is computed outlives what it was computed from.</summary>
/// <param name="Evidence">Artifacts: images and what was captured at failures.</param>
/// <param name="Events">The record of each step.</param>
/// <param name="Results">Summaries, cycles and samples; with them the run itself.</param>
public sealed record Keeping(TimeSpan? Evidence = null, TimeSpan? Events = null, TimeSpan? Results = null)
{
    /// <summary>Null, or what is wrong, in words.</summary>
    public string? Contradiction => Results < Events
        ? "--keep-results is shorter than --keep-events; a result outlives the events that it was computed from"
        : null;
}
