using System.Collections.Immutable;
using HilRig.Model.Rig;

namespace HilRig.Server.Agents;

/// <summary>Who is connected right now, and what they have.</summary>
public sealed class AgentRegistry
{
    private ImmutableDictionary<string, ConnectedAgent> agents = ImmutableDictionary<string, ConnectedAgent>.Empty;

    public IEnumerable<ConnectedAgent> All => agents.Values;

    /// <summary>The connected agent that has the place, or null.</summary>
    public ConnectedAgent? FindByPlace(string place) => agents.Values.FirstOrDefault(agent => agent.Has(place));

    public bool Has(string agent, string place) => agents.TryGetValue(agent, out var connected) && connected.Has(place);

    /// <summary>An agent that comes back takes the place of its own older connection, which the network has not yet given up.</summary>
    public void Enter(ConnectedAgent agent) => ImmutableInterlocked.AddOrUpdate(ref agents, agent.Name, agent, (_, _) => agent);

    /// <summary>The agent of this connection; null when there is none any more.</summary>
    public ConnectedAgent? Find(string connectionId) => agents.Values.FirstOrDefault(candidate => candidate.ConnectionId == connectionId);

    /// <summary>Ends the agent's connection, whose token is no longer valid.</summary>
    public void Disconnect(string agent)
    {
        if (agents.TryGetValue(agent, out var connected))
            connected.Disconnect();
    }

    /// <summary>The agent of this connection leaves; null when it has already come back on another.</summary>
    public ConnectedAgent? Leave(string connectionId)
    {
        var agent = Find(connectionId);
        if (agent is not null)
            ImmutableInterlocked.Update(ref agents, (all, leaving) => all.Remove(leaving), agent.Name);
        return agent;
    }
}

/// <param name="ConnectionId">SignalR's name of the connection.</param>
/// <param name="Minor">Of the hub contract: what the agent understands.</param>
/// <param name="Disconnect">Ends the connection.</param>
public sealed record ConnectedAgent(string ConnectionId, string Name, int Minor, IReadOnlyList<PlaceInfo> Places, Heartbeat Heartbeat, Action Disconnect)
{
    /// <summary>The place, as the agent describes it; null where it has none of that name.</summary>
    public PlaceInfo? Find(string place) => Places.FirstOrDefault(candidate => candidate.Name == place);

    public bool Has(string place) => Find(place) is not null;

    /// <summary>Why the place may take no run, as the agent says; null where it may.</summary>
    public string? OutOfRotation(string place) => Find(place)?.OutOfRotation;
}
