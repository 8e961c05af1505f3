using HilRig.Model.Rig;

namespace HilRig.Server.Storage;

/// <summary>What was ordered, who holds which place, and which places there are. Survives a restart.</summary>
public interface IOrderStore
{
    /// <summary>Puts a run at the end of its place's queue. The order's epoch is not yet set.</summary>
    Task EnqueueAsync(RunOrder order, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>
    /// Gives the place to the first run of its queue and returns the order with its epoch;
    /// null when the place is held or nothing waits for it.
    /// </summary>
    Task<RunOrder?> LeaseNextAsync(string place, CancellationToken cancellationToken);

    /// <summary>The order that holds the place, or null.</summary>
    Task<OrderRecord?> FindHolderAsync(string place, CancellationToken cancellationToken);

    /// <summary>Null where this server never ordered such a run.</summary>
    Task<OrderRecord?> FindOrderAsync(string runId, CancellationToken cancellationToken);

    /// <summary>Orders that have sent no event yet, first in the queue first.</summary>
    Task<IReadOnlyList<OrderRecord>> ListWaitingAsync(CancellationToken cancellationToken);

    /// <summary>Notes that the run shall stop. Answers its order, or null where there is none.</summary>
    Task<OrderRecord?> RequestStopAsync(string runId, CancellationToken cancellationToken);

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
public sealed record OrderRecord(RunOrder Order, OrderState State, DateTimeOffset OrderedAt, bool StopRequested, bool Begun);

/// <param name="RunId">The run that holds it, or null.</param>
public sealed record PlaceRecord(string Name, string BoardType, string Agent, string? RunId);
