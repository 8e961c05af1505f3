using HilRig.Model.Flags;
using HilRig.Model.Runs;
using HilRig.Server.Agents;
using HilRig.Server.Judging;
using HilRig.Server.Operations;
using HilRig.Server.Storage;
using HilRig.Server.Timelines;

namespace HilRig.Server;

/// <summary>What pages and API read: the store, seen together with who is connected and what the judge says.</summary>
public sealed class RunReader(IRunStore runs, IOrderStore orders, PauseStore pauses, AgentRegistry agents, DiskRoom room, FlagBook flags, KnownIssueFile known, ReleaseStore releases, ArtifactStore artifacts, AutoInvestigator investigator, TimelineReader timelines, TimeProvider time, GridStore grids) : IRunReader
{
    private static readonly TimeSpan HistoryPatience = TimeSpan.FromSeconds(3);

    public Task<IReadOnlyList<RunSummary>> ListRunsAsync(RunQuery query, int limit, CancellationToken cancellationToken) =>
        runs.ListRunsAsync(query, limit, cancellationToken);

    public Task<RunSummary?> FindRunAsync(string runId, CancellationToken cancellationToken) => runs.FindRunAsync(runId, cancellationToken);

    public Task<IReadOnlyList<RunEvent>> ReadEventsAsync(string runId, long afterNumber, int limit, CancellationToken cancellationToken) =>
        runs.ReadEventsAsync(runId, afterNumber, limit, cancellationToken);

    public Task<IReadOnlyList<CycleMark>> ListCyclesAsync(string runId, int limit, CancellationToken cancellationToken) =>
        runs.ListCyclesAsync(runId, limit, cancellationToken);

    public Task<IReadOnlyList<CycleMark>> ListCyclesFromAsync(string runId, int firstCycle, int limit, CancellationToken cancellationToken) =>
        runs.ListCyclesFromAsync(runId, firstCycle, limit, cancellationToken);

    public Task<RunStrip> ReadStripAsync(string runId, int cells, CancellationToken cancellationToken) => runs.ReadStripAsync(runId, cells, cancellationToken);

    public Task<RunTimeline?> ReadTimelineAsync(string runId, long? from, long? to, CancellationToken cancellationToken) =>
        timelines.ReadAsync(runId, from, to, cancellationToken);

    public Task<ResultGrid> ReadGridAsync(GridQuery query, CancellationToken cancellationToken) => grids.ReadAsync(query, cancellationToken);

    public async Task<IReadOnlyList<RunSummary>> ListCellRunsAsync(GridQuery query, string line, DateOnly night, int limit, CancellationToken cancellationToken)
    {
        var found = new List<RunSummary>();
        foreach (var runId in await grids.ListRunIdsAsync(query, line, night, limit, cancellationToken))
        {
            if (await runs.FindRunAsync(runId, cancellationToken) is { } run)
                found.Add(run);
        }
        return found;
    }

    public Task<IReadOnlyList<FailureNight>> ReadHistoryAsync(Flag flag, int nights, CancellationToken cancellationToken) => grids.ReadHistoryAsync(flag, nights, cancellationToken);

    public async Task<IReadOnlyList<QueuedRun>> ListQueueAsync(CancellationToken cancellationToken)
    {
        var waiting = await orders.ListWaitingAsync(cancellationToken);
        var places = await ListPlacesAsync(cancellationToken);
        var queue = waiting.Select(order => ToQueuedRun(order, places));
        return room.Refusal is { } refusal ? [.. queue.Select(run => run with { Waiting = refusal })] : [.. queue];
    }

    public async Task<IReadOnlyList<PlaceState>> ListPlacesAsync(CancellationToken cancellationToken)
    {
        var places = await orders.ListPlacesAsync(cancellationToken);
        var paused = await pauses.ListAsync(cancellationToken);
        return
        [
            .. places.Select(place => new PlaceState(
                place.Name, place.BoardType, place.Agent, agents.FindByPlace(place.Name) is not null, place.RunId,
                paused.GetValueOrDefault(place.Name) ?? paused.GetValueOrDefault(PauseStore.All),
                agents.FindByPlace(place.Name)?.OutOfRotation(place.Name),
                StoredText.FromJson<List<string>>(place.Tags),
                place.Lease,
                agents.FindByPlace(place.Name)?.Find(place.Name)?.SwitchesPower ?? true)),
        ];
    }

    public bool IsHistoryRead => flags.Complete.IsCompleted;

    /// <summary>Just after a start it waits for the history; of a long one it answers what is judged so far, rather than nothing.</summary>
    public async Task<IReadOnlyList<Flag>> ListFlagsAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAny(flags.Complete, Task.Delay(HistoryPatience, time, cancellationToken));
        return known.Beside(flags.Read());
    }

    public Task<IReadOnlyList<ReleaseSummary>> ListReleasesAsync(CancellationToken cancellationToken) => releases.ListAsync(cancellationToken);

    public Task<bool> HasArtifactAsync(string digest, CancellationToken cancellationToken) => Task.FromResult(artifacts.Contains(digest));

    public Task<IReadOnlyList<RunEvent>> FindFailuresAsync(Flag flag, int limit, CancellationToken cancellationToken)
    {
        Layer? layer = flag switch
        {
            { IsAccusing: true } => Layer.Product,
            { Class: FlagClass.Rig } => Layer.Rig,
            _ => null,
        };
        return runs.FindFailuresAsync(flag.Release, flag.Sequence, flag.Revision, flag.Fingerprint, layer, limit, cancellationToken);
    }

    public Task<IReadOnlyList<InvestigationReport>> ListInvestigationsAsync(CancellationToken cancellationToken) => Task.FromResult(investigator.Reports);

    private static QueuedRun ToQueuedRun(OrderRecord order, IReadOnlyList<PlaceState> places) => new(
        order.Order.RunId,
        order.Needs?.ToString() ?? order.Order.Place,
        order.Order.SequenceName,
        order.OrderedAt,
        order.Needs is { } needs ? ReasonToWait(needs, places) : ReasonToWait(order, places));

    private static string ReasonToWait(PlaceNeeds needs, IReadOnlyList<PlaceState> places)
    {
        var fitting = places.Where(place => place.BoardType == needs.BoardType).ToList();
        return fitting.Count == 0
            ? $"no agent has announced a {needs.BoardType}"
            : $"no place that is {needs} is idle; of {fitting.Count} with {needs.BoardType}, {fitting.Count(place => !place.AgentConnected)} are away, {fitting.Count(place => place.RunId is not null)} busy, {fitting.Count(place => place.Refusal is not null)} paused or out of rotation";
    }

    private static string ReasonToWait(OrderRecord order, IReadOnlyList<PlaceState> places)
    {
        var name = order.Order.Place;
        var place = places.FirstOrDefault(candidate => candidate.Name == name);
        if (place is null)
        {
            var known = places.Count == 0 ? "no agent has connected yet" : $"known: {string.Join(", ", places.Select(other => other.Name))}";
            return $"no agent has announced place {name}; {known}";
        }
        if (order.State is OrderState.Leased)
            return place.AgentConnected ? $"handed to agent {place.Agent}, which has not begun" : $"handed to agent {place.Agent}, which is away";
        if (!place.AgentConnected)
            return $"agent {place.Agent}, which has the place, is not connected";
        return place.RunId is not null ? $"the place is busy with {place.RunId}" : place.Refusal ?? "the place is about to take it";
    }
}
