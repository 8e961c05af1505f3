using System.Text.Json.Serialization;
using HilRig.Model.Flags;

namespace HilRig.Model.Runs;

/// <summary>All that pages and the API may know of the store.</summary>
public interface IRunReader
{
    /// <summary>The newest runs first. A page goes on where <see cref="RunQuery.Before"/> says; however far, it costs the same.</summary>
    Task<IReadOnlyList<RunSummary>> ListRunsAsync(RunQuery query, int limit, CancellationToken cancellationToken);

    /// <summary>The newest runs of all.</summary>
    Task<IReadOnlyList<RunSummary>> ListRunsAsync(int limit, CancellationToken cancellationToken) => ListRunsAsync(new RunQuery(), limit, cancellationToken);

    /// <summary>Null where there is no such run.</summary>
    Task<RunSummary?> FindRunAsync(string runId, CancellationToken cancellationToken);

    /// <summary>Events after <paramref name="afterNumber"/>, oldest first.</summary>
    Task<IReadOnlyList<RunEvent>> ReadEventsAsync(string runId, long afterNumber, int limit, CancellationToken cancellationToken);

    /// <summary>The newest <paramref name="limit"/> cycles of a run, oldest of them first; the setup is not among them.</summary>
    Task<IReadOnlyList<CycleMark>> ListCyclesAsync(string runId, int limit, CancellationToken cancellationToken);

    /// <summary>Cycles of a run from a number on, oldest first.</summary>
    Task<IReadOnlyList<CycleMark>> ListCyclesFromAsync(string runId, int firstCycle, int limit, CancellationToken cancellationToken);

    /// <summary>All cycles of a run in at most so many cells.</summary>
    Task<RunStrip> ReadStripAsync(string runId, int cells, CancellationToken cancellationToken);

    /// <summary>A stretch of a run on one clock, in nanoseconds since it began; the whole where no bounds are given. Null where there is no such run.</summary>
    Task<RunTimeline?> ReadTimelineAsync(string runId, long? from, long? to, CancellationToken cancellationToken);

    /// <summary>Results by night or by cycle, for a picture of them.</summary>
    Task<ResultGrid> ReadGridAsync(GridQuery query, CancellationToken cancellationToken);

    /// <summary>The runs of one cell of a grid by night, the newest first.</summary>
    Task<IReadOnlyList<RunSummary>> ListCellRunsAsync(GridQuery query, string line, DateOnly night, int limit, CancellationToken cancellationToken);

    /// <summary>A failure night by night, up to the last one in which its sequence ran on its release.</summary>
    Task<IReadOnlyList<FailureNight>> ReadHistoryAsync(Flag flag, int nights, CancellationToken cancellationToken);

    /// <summary>Runs that were ordered and have sent no event yet.</summary>
    Task<IReadOnlyList<QueuedRun>> ListQueueAsync(CancellationToken cancellationToken);

    /// <summary>Places known from agents, with what they do.</summary>
    Task<IReadOnlyList<PlaceState>> ListPlacesAsync(CancellationToken cancellationToken);

    /// <summary>False while a server that has just started still reads its history: claims may be missing, and their numbers too low.</summary>
    bool IsHistoryRead { get; }

    /// <summary>All claims, gravest first.</summary>
    Task<IReadOnlyList<Flag>> ListFlagsAsync(CancellationToken cancellationToken);

    /// <summary>Releases that ran, the last one to run first.</summary>
    Task<IReadOnlyList<ReleaseSummary>> ListReleasesAsync(CancellationToken cancellationToken);

    /// <summary>Whether a file with this SHA-256 is stored.</summary>
    Task<bool> HasArtifactAsync(string digest, CancellationToken cancellationToken);

    /// <summary>The newest failing steps with this fingerprint text, with their evidence.</summary>
    Task<IReadOnlyList<RunEvent>> FindFailuresAsync(Flag flag, int limit, CancellationToken cancellationToken);

    /// <summary>What the rig found out about flags by itself, by flag; of those that it followed.</summary>
    Task<IReadOnlyList<InvestigationReport>> ListInvestigationsAsync(CancellationToken cancellationToken);
}

/// <summary>One cycle as strips and page links need it.</summary>
/// <param name="Cycle">1-based.</param>
/// <param name="FirstNumber">Number of the event that began it.</param>
/// <param name="Verdict"><see cref="Verdict.NotSet"/> while it goes on, and for good when it was cut short.</param>
public sealed record CycleMark(int Cycle, long FirstNumber, Verdict Verdict, Layer Layer);

/// <param name="Waiting">Why it has not begun, in words: no agent has the place, the place is busy.</param>
public sealed record QueuedRun(string RunId, string Place, string Sequence, DateTimeOffset OrderedAt, string Waiting);

/// <param name="RunId">The run it works on, or null.</param>
/// <param name="Paused">Why it gets no new run by a person's word; null where nobody said so.</param>
/// <param name="OutOfRotation">Why its board may take none until it is proven, as its agent says; null where it may.</param>
/// <param name="Lease">The right by which its run has it; null where no run does.</param>
/// <param name="SwitchesPower">It has a supply that a sequence can switch, as far as its agent has said.</param>
public sealed record PlaceState(
    string Name, string BoardType, string Agent, bool AgentConnected, string? RunId, string? Paused = null, string? OutOfRotation = null, IReadOnlyList<string>? Tags = null, PlaceLease? Lease = null, bool SwitchesPower = true)
{
    /// <summary>Why it gets no new run, whoever said so; null where it does.</summary>
    [JsonIgnore]
    public string? Refusal => OutOfRotation is { } reason ? $"out of rotation: {reason}" : Paused;

    /// <summary>What keeps its board from work until a person does something; null where nothing does.</summary>
    [JsonIgnore]
    public string? Trouble => OutOfRotation ?? (AgentConnected ? null : $"away: agent {Agent} is not connected");

    /// <summary>The one thing that a person has to do at the board or its machine; null where nothing is.</summary>
    [JsonIgnore]
    public string? Action => this switch
    {
        { OutOfRotation: not null } => $"Look at the board, then prove it: ./rig agent unwedge --place {Name}",
        { AgentConnected: false } => $"Start agent {Agent} on its machine, or see why it cannot reach this server: ./rig agent doctor",
        _ => null,
    };
}

/// <param name="Epoch">Grows with each lease of the place: who holds an older one can write nothing.</param>
/// <param name="SeenAt">When its holder was last heard of.</param>
/// <param name="EndsAt">Its hard end.</param>
public sealed record PlaceLease(long Epoch, DateTimeOffset SeenAt, DateTimeOffset? EndsAt);
