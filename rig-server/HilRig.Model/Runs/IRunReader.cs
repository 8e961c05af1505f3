using HilRig.Model.Flags;

namespace HilRig.Model.Runs;

/// <summary>All that pages and the API may know of the store.</summary>
public interface IRunReader
{
    /// <summary>The newest runs first.</summary>
    Task<IReadOnlyList<RunSummary>> ListRunsAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Null where there is no such run.</summary>
    Task<RunSummary?> FindRunAsync(string runId, CancellationToken cancellationToken);

    /// <summary>Events after <paramref name="afterNumber"/>, oldest first.</summary>
    Task<IReadOnlyList<RunEvent>> ReadEventsAsync(string runId, long afterNumber, int limit, CancellationToken cancellationToken);

    /// <summary>Runs that were ordered and have sent no event yet.</summary>
    Task<IReadOnlyList<QueuedRun>> ListQueueAsync(CancellationToken cancellationToken);

    /// <summary>Places known from agents, with what they do.</summary>
    Task<IReadOnlyList<PlaceState>> ListPlacesAsync(CancellationToken cancellationToken);

    /// <summary>All claims, gravest first.</summary>
    Task<IReadOnlyList<Flag>> ListFlagsAsync(CancellationToken cancellationToken);

    /// <summary>The newest failing steps with this fingerprint text, with their evidence.</summary>
    Task<IReadOnlyList<RunEvent>> FindFailuresAsync(Flag flag, int limit, CancellationToken cancellationToken);
}

/// <param name="Waiting">Why it has not begun, in words: no agent has the place, the place is busy.</param>
public sealed record QueuedRun(string RunId, string Place, string Sequence, DateTimeOffset OrderedAt, string Waiting);

/// <param name="RunId">The run it works on, or null.</param>
public sealed record PlaceState(string Name, string BoardType, string Agent, bool AgentConnected, string? RunId);
