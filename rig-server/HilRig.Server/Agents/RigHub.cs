using HilRig.Model.Rig;
using HilRig.Server.Dispatch;
using HilRig.Server.Storage;
using Microsoft.AspNetCore.SignalR;

namespace HilRig.Server.Agents;

/// <summary>The agents' door.</summary>
public sealed class RigHub(Dispatcher dispatcher, IngestWriter ingest, IRunStore runs, ILogger<RigHub> log) : Hub<IAgentClient>, IRigHub
{
    private const string SaidHello = "hello";

    public async Task<AgentWelcome> Hello(AgentHello hello)
    {
        var refusal = RefusalOf(hello) ?? await dispatcher.ArriveAsync(Context.ConnectionId, hello, Context.ConnectionAborted);
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
        if (!Context.Items.ContainsKey(SaidHello))
            throw new HubException("this connection has not said Hello; call it first");
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

    public override async Task OnDisconnectedAsync(Exception? exception)
    {
        await dispatcher.LeaveAsync(Context.ConnectionId);
        await base.OnDisconnectedAsync(exception);
    }

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
