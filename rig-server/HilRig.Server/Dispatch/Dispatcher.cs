using HilRig.Model.Rig;
using HilRig.Server.Agents;
using HilRig.Server.Campaigns;
using HilRig.Server.Feed;
using HilRig.Server.Operations;
using HilRig.Server.Storage;
using Microsoft.AspNetCore.SignalR;

namespace HilRig.Server.Dispatch;

/// <summary>
/// Hands queued runs to idle places, one run a place, and settles with every agent that connects what it still has to do.
/// All decisions are made one after the other; what was decided is in the store before an agent hears of it.
/// </summary>
public sealed class Dispatcher(
    IOrderStore orders,
    CampaignDesk campaigns,
    AgentRegistry agents,
    IHubContext<RigHub, IAgentClient> hub,
    RunFeed feed,
    DiskRoom room,
    TimeProvider time,
    ILogger<Dispatcher> log) : IDisposable
{
    private readonly SemaphoreSlim gate = new(1, 1);

    /// <summary>Lets an agent in. Null, or why not: another connected agent already has one of its places.</summary>
    public Task<string?> ArriveAsync(string connectionId, AgentHello hello, Action disconnect, CancellationToken cancellationToken) => OneAtATimeAsync(
        async () =>
        {
            foreach (var place in hello.Places)
            {
                if (agents.FindByPlace(place.Name) is { } other && other.Name != hello.Agent)
                    return $"place {place.Name}: agent {other.Name} is connected and has it; a place belongs to one agent, take it out of one places.yaml";
            }
            await orders.SavePlacesAsync(hello.Agent, hello.Places, cancellationToken);
            var agent = new ConnectedAgent(connectionId, hello.Agent, hello.Minor, hello.Places, new Heartbeat(time), disconnect);
            agents.Enter(agent);
            await PlanAsync(null, cancellationToken);
            foreach (var place in hello.Places)
                await ReconcileAsync(agent, place.Name, [.. hello.Runs.Select(run => run.RunId)], cancellationToken);
            feed.PingAll();
            return null;
        },
        cancellationToken);

    /// <summary>The connection is gone. Its runs go on at the agent; nothing is decided before it comes back.</summary>
    public Task LeaveAsync(string connectionId) => OneAtATimeAsync(
        () =>
        {
            if (agents.Leave(connectionId) is { } agent)
            {
                Log.AgentLeft(log, agent.Name);
                feed.PingAll();
            }
            return Task.FromResult(0);
        },
        CancellationToken.None);

    /// <summary>Puts a run into its place's queue and starts it at once where it can.</summary>
    public Task EnqueueAsync(RunOrder order, OrderTerms terms, string by, CancellationToken cancellationToken) => OneAtATimeAsync(
        async () =>
        {
            await orders.EnqueueAsync(order, terms, by, time.GetUtcNow(), cancellationToken);
            foreach (var place in agents.All.SelectMany(agent => agent.Places).Where(place => order.Place.Length == 0 || place.Name == order.Place))
                await FillAsync(place.Name, cancellationToken);
            feed.PingAll();
            return 0;
        },
        cancellationToken);

    /// <inheritdoc cref="IOrderStore.FindOrderAsync"/>
    public Task<OrderRecord?> FindOrderAsync(string runId, CancellationToken cancellationToken) => orders.FindOrderAsync(runId, cancellationToken);

    /// <summary>Gives every idle place of a connected agent its next run, and passes on stops that another server was asked for.</summary>
    public Task FillAsync(CancellationToken cancellationToken) => OneAtATimeAsync(
        async () =>
        {
            await PlanAsync(null, cancellationToken);
            foreach (var agent in agents.All)
            {
                foreach (var place in agent.Places)
                {
                    if (await orders.FindHolderAsync(place.Name, cancellationToken) is not { } holder)
                        await FillAsync(place.Name, cancellationToken);
                    else if (holder.StopRequested)
                        await hub.Clients.Client(agent.ConnectionId).StopRun(holder.Order.RunId);
                }
            }
            feed.PingAll();
            return 0;
        },
        cancellationToken);

    /// <summary>Gives one idle place its next run.</summary>
    public Task FillPlaceAsync(string place, CancellationToken cancellationToken) => OneAtATimeAsync(
        async () =>
        {
            await PlanAsync(place, cancellationToken);
            await FillAsync(place, cancellationToken);
            feed.PingAll();
            return 0;
        },
        cancellationToken);

    /// <summary>Stops a run: one that still waits is cancelled, one at an agent is asked to stop after its step.</summary>
    public Task<StopOutcome> StopAsync(string runId, string by, CancellationToken cancellationToken) => OneAtATimeAsync(
        async () =>
        {
            if (await orders.RequestStopAsync(runId, by, time.GetUtcNow(), cancellationToken) is not { } order)
                return StopOutcome.Unknown;
            if (order.State is not (OrderState.Queued or OrderState.Leased))
                return StopOutcome.AlreadyOver;
            if (order.State is OrderState.Queued)
                await orders.CloseAsync(runId, OrderState.Cancelled, "stopped while it waited in the queue", time.GetUtcNow(), cancellationToken);
            else if (agents.FindByPlace(order.Order.Place) is { } agent)
                await hub.Clients.Client(agent.ConnectionId).StopRun(runId);
            feed.PingAll();
            return StopOutcome.Accepted;
        },
        cancellationToken);

    /// <summary>What became of an agent's places; one that came back into the rotation gets its next run.</summary>
    public Task AnnounceAsync(string connectionId, IReadOnlyList<PlaceInfo> places, CancellationToken cancellationToken) => OneAtATimeAsync(
        async () =>
        {
            if (agents.Find(connectionId) is not { } agent)
                return 0;
            agents.Enter(agent with { Places = [.. agent.Places.Select(known => places.FirstOrDefault(place => place.Name == known.Name) ?? known)] });
            await PlanAsync(null, cancellationToken);
            foreach (var place in agent.Places)
                await FillAsync(place.Name, cancellationToken);
            feed.PingAll();
            return 0;
        },
        cancellationToken);

    /// <summary>Tells the agent to pause, resume, skip or break off a run; nothing is done about one that is not at an agent of this server.</summary>
    public Task<SteerOutcome> SteerAsync(string runId, RunSteering steering, string by, CancellationToken cancellationToken) => OneAtATimeAsync(
        async () =>
        {
            if (await orders.FindOrderAsync(runId, cancellationToken) is not { } order)
                return SteerOutcome.Unknown;
            if (order.State is not OrderState.Leased)
                return SteerOutcome.NotRunning;
            if (agents.FindByPlace(order.Order.Place) is not { } agent)
                return SteerOutcome.AgentAway;
            if (agent.Minor < HubContract.MinorOfSteering)
                return SteerOutcome.AgentTooOld;
            await orders.NoteSteeringAsync(runId, steering, by, time.GetUtcNow(), cancellationToken);
            await hub.Clients.Client(agent.ConnectionId).SteerRun(runId, steering);
            return SteerOutcome.Accepted;
        },
        cancellationToken);

    /// <summary>A run beyond its hard end: asked to stop, or, when it had time enough for that, given up.</summary>
    public Task EndAsync(OrderRecord order, bool giveUp, CancellationToken cancellationToken) => OneAtATimeAsync(
        async () =>
        {
            if (giveUp)
                await CloseAsync(order, OrderState.Lost, "it held its place beyond its hard end and did not stop when asked", cancellationToken);
            else if (!order.StopRequested)
                await orders.RequestStopAsync(order.Order.RunId, "its hard end", time.GetUtcNow(), cancellationToken);
            if (agents.FindByPlace(order.Order.Place) is { } agent)
                await hub.Clients.Client(agent.ConnectionId).StopRun(order.Order.RunId);
            return 0;
        },
        cancellationToken);

    public void Dispose() => gate.Dispose();

    /// <summary>What the store believes of a place against what the agent says it holds: one action for each pair.</summary>
    private async Task ReconcileAsync(ConnectedAgent agent, string place, HashSet<string> heldByAgent, CancellationToken cancellationToken)
    {
        var holder = await orders.FindHolderAsync(place, cancellationToken);
        var givenUp = holder is null ? await FindGivenUpAsync(place, heldByAgent, cancellationToken) : null;
        var settlement = Reconciling.Of(StateOf(holder), givenUp is not null ? ReportedState.GivenUp
            : holder is not null && heldByAgent.Contains(holder.Order.RunId) ? ReportedState.Holder : ReportedState.Nothing);
        var client = hub.Clients.Client(agent.ConnectionId);
        switch (settlement)
        {
            case Settlement.AskToStop:
                await client.StopRun(holder!.Order.RunId);
                return;
            case Settlement.HandOver:
                await client.StartRun(holder!.Order);
                return;
            case Settlement.Leave:
            case Settlement.Revive when await orders.ReviveAsync(givenUp!, place, time.GetUtcNow(), cancellationToken):
                return;
            case Settlement.GiveUp:
                Log.RunLost(log, holder!.Order.RunId, agent.Name);
                await CloseAsync(holder, OrderState.Lost, $"agent {agent.Name} came back without this run; what it had sent is kept", cancellationToken);
                break;
            case Settlement.Cancel:
                await CloseAsync(holder!, OrderState.Cancelled, "stopped before its agent had begun it", cancellationToken);
                break;
        }
        await FillAsync(place, cancellationToken);
    }

    private static StoredState StateOf(OrderRecord? holder) => holder switch
    {
        null => StoredState.Free,
        { Begun: true, StopRequested: true } => StoredState.RunningToStop,
        { Begun: true } => StoredState.Running,
        { StopRequested: true } => StoredState.OrderedToStop,
        _ => StoredState.Ordered,
    };

    /// <summary>A run of this place that the agent holds and whose lease expired meanwhile.</summary>
    private async Task<string?> FindGivenUpAsync(string place, IEnumerable<string> heldByAgent, CancellationToken cancellationToken)
    {
        foreach (var runId in heldByAgent)
        {
            if (await orders.FindOrderAsync(runId, cancellationToken) is { State: OrderState.Lost or OrderState.Queued, Order.Epoch: > 0 } order && order.Order.Place == place)
                return runId;
        }
        return null;
    }

    private Task CloseAsync(OrderRecord order, OrderState state, string because, CancellationToken cancellationToken) =>
        orders.CloseAsync(order.Order.RunId, state, because, time.GetUtcNow(), cancellationToken);

    /// <summary>Campaigns order their next runs before an idle place, or for null all of them, look into the queue.</summary>
    private Task PlanAsync(string? only, CancellationToken cancellationToken) => room.Refusal is null
        ? campaigns.PlanAsync([.. agents.All.SelectMany(agent => agent.Places).Where(place => place.OutOfRotation is null && (only ?? place.Name) == place.Name)], cancellationToken)
        : Task.CompletedTask;

    private async Task FillAsync(string place, CancellationToken cancellationToken)
    {
        if (room.Refusal is not null || agents.FindByPlace(place) is not { } agent || agent.OutOfRotation(place) is not null || await orders.LeaseNextAsync(place, time.GetUtcNow(), cancellationToken) is not { } order)
            return;
        Log.RunHandedOver(log, order.RunId, agent.Name, order.Epoch);
        await hub.Clients.Client(agent.ConnectionId).StartRun(order);
    }

    private async Task<T> OneAtATimeAsync<T>(Func<Task<T>> decision, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            return await decision();
        }
        finally
        {
            gate.Release();
        }
    }
}

/// <summary>What became of the wish to change how a run goes on.</summary>
public enum SteerOutcome
{
    /// <summary>This server never ordered such a run.</summary>
    Unknown,

    /// <summary>It waits, or is over.</summary>
    NotRunning,

    /// <summary>Its agent is not connected to this server: it goes on as it is.</summary>
    AgentAway,

    /// <summary>Its agent is of a release that cannot be told: the run goes on as it is.</summary>
    AgentTooOld,

    /// <summary>The agent was told; the run's events say when it does so.</summary>
    Accepted,
}

/// <summary>What became of the wish to stop a run.</summary>
public enum StopOutcome
{
    /// <summary>This server never ordered such a run.</summary>
    Unknown,

    /// <summary>It has ended, was lost or cancelled before.</summary>
    AlreadyOver,

    /// <summary>Cancelled, or the agent is asked; again when it comes back.</summary>
    Accepted,
}
