using System.Net;
using HilRig.Agent.Hub;
using HilRig.Model.Rig;
using HilRig.Model.Runs;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;

namespace HilRig.Bench.Server;

/// <summary>An agent's own connection, with nothing behind it.</summary>
internal sealed class BenchAgent : IAsyncDisposable
{
    private readonly HubConnection hub;

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
        var welcome = await agent.hub.InvokeAsync<AgentWelcome>(nameof(IRigHub.Hello), hello, cancellationToken);
        return welcome.Refusal is null ? agent : throw new InvalidOperationException(welcome.Refusal);
    }

    public Task<long> AppendAsync(EventBatch batch, CancellationToken cancellationToken) => hub.InvokeAsync<long>(nameof(IRigHub.Append), batch, cancellationToken);

    public ValueTask DisposeAsync() => hub.DisposeAsync();
}
