using HilRig.Model.Rig;
using HilRig.Model.Runs;

namespace HilRig.Server.Storage;

/// <summary>What was ordered, who holds which place, and which places there are. Survives a restart.</summary>
public interface IOrderStore
{
    /// <summary>Puts a run at the end of its place's queue. The order's epoch is not yet set.</summary>
    /// <param name="by">Who ordered it, for the audit.</param>
    Task EnqueueAsync(RunOrder order, OrderTerms terms, string by, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>
    /// Gives the place to the first run of its queue and returns the order with its epoch and place;
    /// null when the place is held or paused, or nothing waits for it.
    /// </summary>
    Task<RunOrder?> LeaseNextAsync(string place, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>The holders of these places were heard of.</summary>
    Task KeepLeasesAsync(IReadOnlyList<(string Place, DateTimeOffset Heard)> holders, CancellationToken cancellationToken);

    /// <summary>Frees every place whose holder was not heard of since then; answers the runs. One that had begun is lost, one that had not waits again.</summary>
    Task<IReadOnlyList<string>> ExpireLeasesAsync(DateTimeOffset silentSince, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Gives its place back to a run that was given up; false when somebody had the place since.</summary>
    Task<bool> ReviveAsync(string runId, string place, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Orders that hold their place beyond their hard end.</summary>
    Task<IReadOnlyList<OrderRecord>> ListOverdueAsync(DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>The order that holds the place, or null.</summary>
    Task<OrderRecord?> FindHolderAsync(string place, CancellationToken cancellationToken);

    /// <summary>Null where this server never ordered such a run.</summary>
    Task<OrderRecord?> FindOrderAsync(string runId, CancellationToken cancellationToken);

    /// <summary>Orders that have sent no event yet, first in the queue first.</summary>
    Task<IReadOnlyList<OrderRecord>> ListWaitingAsync(CancellationToken cancellationToken);

    /// <summary>Notes that the run shall stop. Answers its order, or null where there is none.</summary>
    Task<OrderRecord?> RequestStopAsync(string runId, string by, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Writes into the audit that somebody changed how a run goes on; when it does so, its events say.</summary>
    Task NoteSteeringAsync(string runId, RunSteering steering, string by, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Ends an open order that will send no more events, and frees its place.</summary>
    Task CloseAsync(string runId, OrderState state, string because, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Remembers what an agent has, by the places' names.</summary>
    Task SavePlacesAsync(string agent, IReadOnlyList<PlaceInfo> places, CancellationToken cancellationToken);

    /// <summary>Every place ever announced, by name, with the agent that last did.</summary>
    Task<IReadOnlyList<PlaceRecord>> ListPlacesAsync(CancellationToken cancellationToken);
}

/// <summary>How far an order has come.</summary>
public enum OrderState
{
    Queued,

    /// <summary>Holds its place; the agent has it or will be given it.</summary>
    Leased,

    /// <summary>Its last event is stored.</summary>
    Ended,

    /// <summary>It had begun, and its agent came back without it.</summary>
    Lost,

    /// <summary>Stopped before its first event.</summary>
    Cancelled,
}

/// <param name="Begun">True once the run has sent an event.</param>
/// <param name="Needs">What its place must have; null where it names one, or has one by now.</param>
/// <param name="Until">Its hard end; null until it is known.</param>
public sealed record OrderRecord(RunOrder Order, OrderState State, DateTimeOffset OrderedAt, bool StopRequested, bool Begun, int Priority, PlaceNeeds? Needs, DateTimeOffset? Until);

/// <param name="RunId">The run that holds it, or null.</param>
/// <param name="Tags">JSON array.</param>
/// <param name="Epoch">Of the lease; null where there never was one.</param>
/// <param name="Seen">When the holder was last heard of, in nanoseconds.</param>
/// <param name="Ends">Hard end of the run that holds it, in nanoseconds.</param>
public sealed record PlaceRecord(string Name, string BoardType, string Agent, string? RunId, string Tags, long? Epoch, long? Seen, long? Ends)
{
    public PlaceLease? Lease => RunId is null || Epoch is not { } epoch || Seen is not { } seen
        ? null
        : new PlaceLease(epoch, StoredText.ToTime(seen), Ends is { } ends ? StoredText.ToTime(ends) : null);
}
