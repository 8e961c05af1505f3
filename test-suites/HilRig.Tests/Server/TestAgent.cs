using System.Net;
using System.Threading.Channels;
using HilRig.Agent.Hub;
using HilRig.Model.Rig;
using HilRig.Model.Runs;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace HilRig.Tests.Server;

/// <summary>An agent's connection without an agent behind it: a real SignalR client that a test moves by hand.</summary>
internal sealed class TestAgent : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly HubConnection hub;
    private readonly Channel<RunOrder> orders = Channel.CreateUnbounded<RunOrder>();
    private readonly TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<string> stops = Channel.CreateUnbounded<string>();
    private readonly Channel<(string RunId, RunSteering Steering)> steerings = Channel.CreateUnbounded<(string, RunSteering)>();

    private TestAgent(HubConnection hub)
    {
        this.hub = hub;
        hub.Closed += _ =>
        {
            closed.TrySetResult();
            return Task.CompletedTask;
        };
        hub.On<RunOrder>(nameof(IAgentClient.StartRun), order => orders.Writer.WriteAsync(order).AsTask());
        hub.On<string>(nameof(IAgentClient.StopRun), runId => stops.Writer.WriteAsync(runId).AsTask());
        hub.On<string, RunSteering>(nameof(IAgentClient.SteerRun), (runId, steering) => steerings.Writer.WriteAsync((runId, steering)).AsTask());
    }

    public static Task<TestAgent> ConnectAsync(TestServer server, string? token = null) => ConnectAsync(server.Url, token);

    public static async Task<TestAgent> ConnectAsync(Uri server, string? token = null)
    {
        var builder = new HubConnectionBuilder();
        builder.Services.AddSingleton<IConnectionFactory>(new WebSocketConnectionFactory(token));
        builder.Services.AddSingleton<EndPoint>(new UriEndPoint(new Uri(server, HubContract.Path)));
        builder.AddJsonProtocol(options => RunJson.Configure(options.PayloadSerializerOptions));
        var agent = new TestAgent(builder.Build());
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await agent.hub.StartAsync();
                return agent;
            }
            catch (TimeoutException) when (attempt < 3)
            {
                // A server that shares its processors with other tests; an agent tries again as well.
            }
        }
    }

    /// <summary>Connects and says hello with the places and runs given.</summary>
    public static async Task<TestAgent> ArriveAsync(TestServer server, string[] places, params RunPosition[] runs)
    {
        var agent = await ConnectAsync(server);
        var welcome = await agent.HelloAsync("bench-1", places, runs);
        Assert.That(welcome.Refusal, Is.Null);
        return agent;
    }

    public Task<AgentWelcome> HelloAsync(string name, string[] places, RunPosition[] runs, int version = HubContract.Version) =>
        HelloAsync(name, [.. places.Select(place => new PlaceInfo(place, "kv58", ["virtual"]))], runs, version);

    public Task<AgentWelcome> HelloAsync(string name, IReadOnlyList<PlaceInfo> places, RunPosition[] runs, int version = HubContract.Version) =>
        hub.InvokeAsync<AgentWelcome>(nameof(IRigHub<>.Hello), new AgentHello(version, name, "0.1.0", places, runs, HubContract.Minor));

    /// <summary>As an agent from before the stream says it, its answer read as that agent read it.</summary>
    public Task<OldWelcome> HelloAsOldAgentAsync(string name, string[] places) => hub.InvokeAsync<OldWelcome>(
        nameof(IRigHub<>.Hello),
        new { contractVersion = 1, agent = name, version = "0.1.0", places = places.Select(place => new { name = place, boardType = "kv58", tags = Array.Empty<string>() }), runs = Array.Empty<RunPosition>() });

    /// <summary>Says hello and opens the agent's own stream of batches.</summary>
    public async Task<EventLane> OpenLaneAsync(string name, string[] places) => OpenLane(await HelloAsync(name, places, []));

    public EventLane OpenLane(AgentWelcome welcome) => new(hub, welcome, CancellationToken.None);

    public Task TellAsync(TelemetryBatch batch) => hub.SendAsync(nameof(IRigHub<>.Telemetry), batch);

    public Task<long> AppendRawAsync(object batch) => hub.InvokeAsync<long>(nameof(IRigHub<>.Append), batch);

    /// <summary>A stream of batches as an agent of any version writes them; an answer to each.</summary>
    public async Task<IReadOnlyList<BatchAnswer>> AppendManyRawAsync(IReadOnlyList<object> batches)
    {
        var answers = new List<BatchAnswer>();
        await foreach (var answer in hub.StreamAsync<BatchAnswer>(nameof(IRigHub<>.AppendMany), batches.ToAsyncEnumerable()))
            answers.Add(answer);
        return answers;
    }

    public Task<long> AppendAsync(EventBatch batch) => hub.InvokeAsync<long>(nameof(IRigHub<>.Append), batch);

    public bool HasOrders => orders.Reader.TryPeek(out _);

    /// <summary>The orders that have come so far.</summary>
    public IEnumerable<RunOrder> TakeOrders()
    {
        while (orders.Reader.TryRead(out var order))
            yield return order;
    }

    public async Task<RunOrder> NextOrderAsync() => await orders.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    public async Task<string> NextStopAsync() => await stops.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    public async Task<(string RunId, RunSteering Steering)> NextSteeringAsync() => await steerings.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    public Task AnnounceAsync(params PlaceInfo[] places) => hub.InvokeAsync(nameof(IRigHub<>.Announce), places);

    /// <summary>True when the server has sent no further order; asked after a round trip, since messages of a connection keep their order.</summary>
    public async Task<bool> HasNoOrderAsync(string name, string[] places, params RunPosition[] runs)
    {
        await HelloAsync(name, places, runs);
        return !orders.Reader.TryRead(out _);
    }

    /// <summary>Returns when the server has ended the connection.</summary>
    public Task WaitForCloseAsync() => closed.Task.WaitAsync(Patience);

    public ValueTask DisposeAsync() => hub.DisposeAsync();
}

internal sealed record OldWelcome(string? Refusal, IReadOnlyList<RunPosition> Runs);
