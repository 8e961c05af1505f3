using HilRig.Model.Flags;
using HilRig.Model.Runs;
using HilRig.Server.Agents;
using HilRig.Server.Judging;
using HilRig.Server.Storage;

namespace HilRig.Server;

/// <summary>What pages and API read: the store, seen together with who is connected and what the judge says.</summary>
public sealed class RunReader(IRunStore runs, IOrderStore orders, AgentRegistry agents, FlagBook flags) : IRunReader
{
    public Task<IReadOnlyList<RunSummary>> ListRunsAsync(int limit, CancellationToken cancellationToken) =>
        runs.ListRunsAsync(limit, cancellationToken);

    public Task<RunSummary?> FindRunAsync(string runId, CancellationToken cancellationToken) => runs.FindRunAsync(runId, cancellationToken);

    public Task<IReadOnlyList<RunEvent>> ReadEventsAsync(string runId, long afterNumber, int limit, CancellationToken cancellationToken) =>
        runs.ReadEventsAsync(runId, afterNumber, limit, cancellationToken);

    public Task<IReadOnlyList<CycleMark>> ListCyclesAsync(string runId, int limit, CancellationToken cancellationToken) =>
        runs.ListCyclesAsync(runId, limit, cancellationToken);

    public async Task<IReadOnlyList<QueuedRun>> ListQueueAsync(CancellationToken cancellationToken)
    {
        var waiting = await orders.ListWaitingAsync(cancellationToken);
        var places = await orders.ListPlacesAsync(cancellationToken);
        return [.. waiting.Select(order => ToQueuedRun(order, places))];
    }

    public async Task<IReadOnlyList<PlaceState>> ListPlacesAsync(CancellationToken cancellationToken)
    {
        var places = await orders.ListPlacesAsync(cancellationToken);
        return
        [
            .. places.Select(place =>
                new PlaceState(place.Name, place.BoardType, place.Agent, agents.FindByPlace(place.Name) is not null, place.RunId)),
        ];
    }

    public Task<IReadOnlyList<Flag>> ListFlagsAsync(CancellationToken cancellationToken) => Task.FromResult(flags.Read());

    public Task<IReadOnlyList<RunEvent>> FindFailuresAsync(Flag flag, int limit, CancellationToken cancellationToken)
    {
        Layer? layer = flag switch
        {
            { IsProduct: true } or { Class: FlagClass.BoardSpecific } => Layer.Product,
            { Class: FlagClass.Rig } => Layer.Rig,
            _ => null,
        };
        return runs.FindFailuresAsync(flag.Release, flag.Sequence, flag.Fingerprint, layer, limit, cancellationToken);
    }

    private QueuedRun ToQueuedRun(OrderRecord order, IReadOnlyList<PlaceRecord> places) => new(
        order.Order.RunId,
        order.Order.Place,
        order.Order.SequenceName,
        order.OrderedAt,
        ReasonToWait(order, places));

    private string ReasonToWait(OrderRecord order, IReadOnlyList<PlaceRecord> places)
    {
        var name = order.Order.Place;
        var place = places.FirstOrDefault(candidate => candidate.Name == name);
        if (place is null)
        {
            var known = places.Count == 0 ? "no agent has connected yet" : $"known: {string.Join(", ", places.Select(other => other.Name))}";
            return $"no agent has announced place {name}; {known}";
        }
        var connected = agents.FindByPlace(name);
        if (order.State is OrderState.Leased)
            return connected is null ? $"handed to agent {place.Agent}, which is away" : $"handed to agent {connected.Name}, which has not begun";
        if (connected is null)
            return $"agent {place.Agent}, which has the place, is not connected";
        return place.RunId is null ? "the place is about to take it" : $"the place is busy with {place.RunId}";
    }
}
