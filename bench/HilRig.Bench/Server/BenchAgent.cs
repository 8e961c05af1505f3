using System.Diagnostics;
using System.Net;
using HilRig.Agent.Hub;
using HilRig.Model.Rig;
using HilRig.Model.Runs;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace HilRig.Bench.Server;

/// <summary>An agent's own connection and its own stream of batches, with nothing behind it.</summary>
internal sealed class BenchAgent : IAsyncDisposable
{
    private readonly HubConnection hub;
    private EventLane? lane;

    private BenchAgent(HubConnection hub) => this.hub = hub;

    public static async Task<BenchAgent> ConnectAsync(Uri server, string name, CancellationToken cancellationToken)
    {
        var builder = new HubConnectionBuilder();
        builder.Services.AddSingleton<IConnectionFactory>(new WebSocketConnectionFactory());
        builder.Services.AddSingleton<EndPoint>(new UriEndPoint(new Uri(server, HubContract.Path)));
        builder.AddJsonProtocol(options => RunJson.Configure(options.PayloadSerializerOptions));
        var agent = new BenchAgent(builder.Build());
        await agent.hub.StartAsync(cancellationToken);
        var hello = new AgentHello(HubContract.Version, name, "bench", [new PlaceInfo(name, "kv58", [])], []);
        var welcome = await agent.hub.InvokeAsync<AgentWelcome>(nameof(IRigHub<>.Hello), hello, cancellationToken);
        if (welcome.Refusal is not null)
            throw new InvalidOperationException(welcome.Refusal);
        agent.lane = new EventLane(agent.hub, welcome, CancellationToken.None);
        return agent;
    }

    /// <summary>Puts one batch on its way; a task for its acknowledgement.</summary>
    public Task<Task<long>> PostAsync(EventBatch batch, CancellationToken cancellationToken) => lane!.SendAsync(batch, cancellationToken);

    /// <summary>Sends a run in batches, each not before its time, as many under way as the server allows; answers how long each waited for its acknowledgement, in ms.</summary>
    public async Task<IReadOnlyList<double>> SendAsync(BenchRun run, TimeSpan pause, CancellationToken cancellationToken)
    {
        var latencies = new List<double>();
        var underWay = new Queue<Task<double>>();
        var begun = Stopwatch.StartNew();
        foreach (var events in run.Events.Chunk(EventSender.MaxBatchEvents))
        {
            var due = (latencies.Count + underWay.Count) * pause;
            if (due > begun.Elapsed)
                await Task.Delay(due - begun.Elapsed, cancellationToken);
            if (underWay.Count == lane!.Window)
                latencies.Add(await underWay.Dequeue());
            underWay.Enqueue(WaitAsync(await lane.SendAsync(new EventBatch(run.RunId, 0, events), cancellationToken), events[^1].Number, Stopwatch.GetTimestamp()));
        }
        while (underWay.TryDequeue(out var one))
            latencies.Add(await one);
        return latencies;
    }

    public async ValueTask DisposeAsync()
    {
        if (lane is not null)
            await lane.DisposeAsync();
        await hub.DisposeAsync();
    }

    private static async Task<double> WaitAsync(Task<long> answer, long expected, long sent)
    {
        var position = await answer;
        return position == expected
            ? Stopwatch.GetElapsedTime(sent).TotalMilliseconds
            : throw new InvalidOperationException($"{position} was acknowledged after {expected}");
    }
}
