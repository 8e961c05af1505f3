using HilRig.Model.Rig;
using HilRig.Server.Agents;
using HilRig.Server.Feed;
using HilRig.Server.Storage;
using Microsoft.AspNetCore.SignalR;

namespace HilRig.Server.Dispatch;

/// <summary>
/// Hands queued runs to idle places, one run a place, and settles with every agent that connects what it still has to do.
/// All decisions are made one after the other; what was decided is in the store before an agent hears of it.
/// </summary>
public sealed class Dispatcher(
    IOrderStore orders,
    AgentRegistry agents,
    IHubContext<RigHub, IAgentClient> hub,
    RunFeed feed,
    TimeProvider time,
    ILogger<Dispatcher> log) : IDisposable
{
    private readonly SemaphoreSlim gate = new(1, 1);

    /// <summary>Lets an agent in. Null, or why not: another connected agent already has one of its places.</summary>
    public Task<string?> ArriveAsync(string connectionId, AgentHello hello, CancellationToken cancellationToken) => OneAtATimeAsync(
        async () =>
        {
            foreach (var place in hello.Places)
            {
                if (agents.FindByPlace(place.Name) is { } other && other.Name != hello.Agent)
                    return $"place {place.Name}: agent {other.Name} is connected and has it; a place belongs to one agent, take it out of one places.yaml";
            }
            await orders.SavePlacesAsync(hello.Agent, hello.Places, cancellationToken);
            var agent = new ConnectedAgent(connectionId, hello.Agent, hello.Places);
            agents.Enter(agent);
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
    public Task EnqueueAsync(RunOrder order, CancellationToken cancellationToken) => OneAtATimeAsync(
        async () =>
        {
            await orders.EnqueueAsync(order, time.GetUtcNow(), cancellationToken);
            await FillAsync(order.Place, cancellationToken);
            feed.PingAll();
            return 0;
        },
        cancellationToken);

    /// <summary>Gives every idle place of a connected agent its next run, and passes on stops that another server was asked for.</summary>
    public Task FillAsync(CancellationToken cancellationToken) => OneAtATimeAsync(
        async () =>
        {
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

    /// <summary>Stops a run: one that still waits is cancelled, one at an agent is asked to stop after its step.</summary>
    public Task<StopOutcome> StopAsync(string runId, CancellationToken cancellationToken) => OneAtATimeAsync(
        async () =>
        {
            if (await orders.RequestStopAsync(runId, cancellationToken) is not { } order)
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

    public void Dispose() => gate.Dispose();

    /// <summary>What the store believes of a place against what the agent says it holds: one action for each pair.</summary>
    private async Task ReconcileAsync(ConnectedAgent agent, string place, HashSet<string> heldByAgent, CancellationToken cancellationToken)
    {
        var holder = await orders.FindHolderAsync(place, cancellationToken);
        var client = hub.Clients.Client(agent.ConnectionId);
        switch (holder)
        {
            case null:
                break;
            case var _ when heldByAgent.Contains(holder.Order.RunId):
                if (holder.StopRequested)
                    await client.StopRun(holder.Order.RunId);
                return;
            case { Begun: true }:
                Log.RunLost(log, holder.Order.RunId, agent.Name);
                await CloseAsync(holder, OrderState.Lost, $"agent {agent.Name} came back without this run; what it had sent is kept", cancellationToken);
                break;
            case { StopRequested: true }:
                await CloseAsync(holder, OrderState.Cancelled, "stopped before its agent had begun it", cancellationToken);
                break;
            default:
                await client.StartRun(holder.Order);
                return;
        }
        await FillAsync(place, cancellationToken);
    }

    private Task CloseAsync(OrderRecord order, OrderState state, string because, CancellationToken cancellationToken) =>
        orders.CloseAsync(order.Order.RunId, state, because, time.GetUtcNow(), cancellationToken);

    private async Task FillAsync(string place, CancellationToken cancellationToken)
    {
        if (agents.FindByPlace(place) is not { } agent || await orders.LeaseNextAsync(place, cancellationToken) is not { } order)
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
