using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using HilRig.Model.Rig;
using HilRig.Server.Dispatch;
using HilRig.Server.Security;
using HilRig.Server.Storage;
using Microsoft.AspNetCore.SignalR;

namespace HilRig.Server.Agents;

/// <summary>The agents' door.</summary>
public sealed class RigHub(Dispatcher dispatcher, AgentRegistry agents, IngestWriter ingest, IRunStore runs, TelemetryBoard telemetry, ILogger<RigHub> log) : Hub<IAgentClient>, IRigHub<PreparedBatch>
{
    private const string SaidHello = "hello";
    private const string OwnRuns = "runs";

    /// <summary>Null before Hello.</summary>
    private string? Agent => Context.Items.TryGetValue(SaidHello, out var agent) ? (string)agent! : null;

    public async Task<AgentWelcome> Hello(AgentHello hello)
    {
        var refusal = RefusalOf(hello) ?? TokenRefusalOf(hello) ?? await dispatcher.ArriveAsync(Context.ConnectionId, hello, Context.Abort, Context.ConnectionAborted);
        if (refusal is not null)
        {
            Log.AgentRefused(log, hello.Agent, refusal);
            return new AgentWelcome(refusal, []);
        }
        Context.Items[SaidHello] = hello.Agent;
        Context.Items[OwnRuns] = new ConcurrentDictionary<string, bool>(StringComparer.Ordinal);
        var positions = new List<RunPosition>();
        foreach (var run in hello.Runs)
            positions.Add(new RunPosition(run.RunId, await runs.FindPositionAsync(run.RunId, Context.ConnectionAborted)));
        return new AgentWelcome(null, positions, HubContract.Window);
    }

    public async Task<long> Append(PreparedBatch batch)
    {
        var (answer, freed) = await ServeAsync(async () => await AnswerAsync(batch, await EnqueueAsync(batch, Context.ConnectionAborted)));
        if (answer.Refusal is { } refusal)
            throw new HubException(refusal);
        await FillAsync(freed);
        return answer.Number;
    }

    public Task Announce(IReadOnlyList<PlaceInfo> places) => Context.Items.ContainsKey(SaidHello)
        ? dispatcher.AnnounceAsync(Context.ConnectionId, places, Context.ConnectionAborted)
        : throw new HubException("this connection has not said Hello; call it first");

    public async IAsyncEnumerable<BatchAnswer> AppendMany(IAsyncEnumerable<PreparedBatch> batches, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // As long as the answers are behind nobody reads on, SignalR stops reading the connection, and the agent waits.
        var underWay = Channel.CreateBounded<(PreparedBatch Batch, Task<AppendResult> Stored)>(HubContract.Window);
        var reading = ReadAsync(batches, underWay.Writer, cancellationToken);
        await foreach (var (batch, stored) in underWay.Reader.ReadAllAsync(cancellationToken))
        {
            var (answer, freed) = await AnswerAsync(batch, stored);
            yield return answer;
            await FillAsync(freed);
        }
        await reading;
    }

    public Task Telemetry(TelemetryBatch batch)
    {
        if (Agent is { } agent)
        {
            agents.Find(Context.ConnectionId)?.Heartbeat.Beat();
            telemetry.Take(agent, batch);
        }
        return Task.CompletedTask;
    }

    private async Task ReadAsync(IAsyncEnumerable<PreparedBatch> batches, ChannelWriter<(PreparedBatch, Task<AppendResult>)> underWay, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var batch in batches.WithCancellation(cancellationToken))
            {
                await ServeAsync(async () =>
                {
                    await underWay.WriteAsync((batch, await EnqueueAsync(batch, cancellationToken)), cancellationToken);
                    return true;
                });
            }
            underWay.Complete();
        }
        catch (Exception exception)
        {
            underWay.Complete(exception);
        }
    }

    private Task<T> ServeAsync<T>(Func<Task<T>> work) => agents.Find(Context.ConnectionId) is { } agent ? agent.Heartbeat.WhileServedAsync(work) : work();

    private async Task<Task<AppendResult>> EnqueueAsync(PreparedBatch batch, CancellationToken cancellationToken)
    {
        if (Agent is not { } agent)
            throw new HubException("this connection has not said Hello; call it first");
        return (batch.Refusal ?? await RefusalOfAsync(batch.RunId, agent)) is { } refusal
            ? Task.FromResult(AppendResult.Refused(0, refusal))
            : await ingest.EnqueueAsync(batch, cancellationToken);
    }

    private async Task<(BatchAnswer Answer, string? Freed)> AnswerAsync(PreparedBatch batch, Task<AppendResult> stored)
    {
        var result = await stored.WaitAsync(Context.ConnectionAborted);
        if (result.Refusal is { } refusal)
            Log.BatchRefused(log, Agent!, refusal);
        return (new BatchAnswer(batch.RunId, result.Position, result.Refusal), result.Freed);
    }

    /// <summary>A run's end leaves its place idle; the next one may have it at once.</summary>
    private Task FillAsync(string? freed) => freed is null ? Task.CompletedTask : dispatcher.FillPlaceAsync(freed, Context.ConnectionAborted);

    /// <summary>Why a run is none of this agent's, or null. Looked up once for each run of a connection; the store fences by epoch and place on every batch.</summary>
    private async Task<string?> RefusalOfAsync(string runId, string agent)
    {
        if (!RunId.IsValid(runId))
            return $"run `{runId}`: {RunId.Rule}";
        var own = (ConcurrentDictionary<string, bool>)Context.Items[OwnRuns]!;
        if (own.ContainsKey(runId))
            return null;
        if (await dispatcher.FindOrderAsync(runId, Context.ConnectionAborted) is { } order && !agents.Has(agent, order.Order.Place))
            return $"run {runId}: it was ordered for {order.Order.Place}, which agent {agent} does not have; nothing was stored";
        own[runId] = true;
        return null;
    }

    public override async Task OnDisconnectedAsync(Exception? exception)
    {
        await dispatcher.LeaveAsync(Context.ConnectionId);
        if (Agent is { } agent && !agents.All.Any(other => other.Name == agent))
            telemetry.Forget(agent);
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
