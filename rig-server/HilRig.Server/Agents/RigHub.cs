using HilRig.Model.Rig;
using HilRig.Server.Dispatch;
using HilRig.Server.Security;
using HilRig.Server.Storage;
using Microsoft.AspNetCore.SignalR;

namespace HilRig.Server.Agents;

/// <summary>The agents' door.</summary>
public sealed class RigHub(Dispatcher dispatcher, AgentRegistry agents, IngestWriter ingest, IRunStore runs, ILogger<RigHub> log) : Hub<IAgentClient>, IRigHub
{
    private const string SaidHello = "hello";
    private const string OwnRuns = "runs";

    public async Task<AgentWelcome> Hello(AgentHello hello)
    {
        var refusal = RefusalOf(hello) ?? TokenRefusalOf(hello) ?? await dispatcher.ArriveAsync(Context.ConnectionId, hello, Context.Abort, Context.ConnectionAborted);
        if (refusal is not null)
        {
            Log.AgentRefused(log, hello.Agent, refusal);
            return new AgentWelcome(refusal, []);
        }
        Context.Items[SaidHello] = hello.Agent;
        var positions = new List<RunPosition>();
        foreach (var run in hello.Runs)
            positions.Add(new RunPosition(run.RunId, await runs.FindPositionAsync(run.RunId, Context.ConnectionAborted)));
        return new AgentWelcome(null, positions);
    }

    public async Task<long> Append(EventBatch batch)
    {
        if (!Context.Items.TryGetValue(SaidHello, out var agent))
            throw new HubException("this connection has not said Hello; call it first");
        await RequireOwnAsync(batch.RunId, (string)agent!);
        var result = await ingest.AppendAsync(batch, Context.ConnectionAborted);
        if (result.Refusal is not null)
        {
            Log.BatchRefused(log, (string)Context.Items[SaidHello]!, result.Refusal);
            throw new HubException(result.Refusal);
        }
        if (result.Ended)
            await dispatcher.FillAsync(Context.ConnectionAborted);
        return result.Position;
    }

    public Task Announce(IReadOnlyList<PlaceInfo> places) => Context.Items.ContainsKey(SaidHello)
        ? dispatcher.AnnounceAsync(Context.ConnectionId, places, Context.ConnectionAborted)
        : throw new HubException("this connection has not said Hello; call it first");

    /// <summary>Looked up once for each run of a connection; the store fences by epoch and place on every batch.</summary>
    private async Task RequireOwnAsync(string runId, string agent)
    {
        if (!Context.Items.TryGetValue(OwnRuns, out var known))
            Context.Items[OwnRuns] = known = new HashSet<string>(StringComparer.Ordinal);
        if (((HashSet<string>)known!).Contains(runId))
            return;
        if (await dispatcher.FindOrderAsync(runId, Context.ConnectionAborted) is { } order && !agents.Has(agent, order.Order.Place))
            throw new HubException($"run {runId}: it was ordered for {order.Order.Place}, which agent {agent} does not have; nothing was stored");
        ((HashSet<string>)known).Add(runId);
    }

    public override async Task OnDisconnectedAsync(Exception? exception)
    {
        await dispatcher.LeaveAsync(Context.ConnectionId);
        await base.OnDisconnectedAsync(exception);
    }

    /// <summary>An agent speaks for itself alone; at a server without accounts nobody has to prove a name.</summary>
    private string? TokenRefusalOf(AgentHello hello) => Context.User is { } user && !Access.IsLocal(user) && Access.NameOf(user) != hello.Agent
        ? $"agent {hello.Agent}: the token presented is that of agent {Access.NameOf(user)}; start it with that --name or enrol it anew"
        : null;

    private static string? RefusalOf(AgentHello hello)
    {
        if (hello.ContractVersion != HubContract.Version)
            return $"agent {hello.Agent} {hello.Version} speaks version {hello.ContractVersion} of the hub contract, this server {HubContract.Version}; bring both to the same release of HilRig";
        if (hello.Agent.Length == 0)
            return "an agent needs a name; start it with one";
        return hello.Places.FirstOrDefault(place => !PlaceName.IsValid(place.Name)) is { } odd
            ? $"agent {hello.Agent}: place `{odd.Name}`: {PlaceName.Rule}"
            : null;
    }
}
