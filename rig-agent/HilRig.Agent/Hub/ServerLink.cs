using System.Net;
using HilRig.Agent.Running;
using HilRig.Model.Rig;
using HilRig.Model.Runs;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HilRig.Agent.Hub;

/// <summary>
/// The connection to the server: says hello, takes orders, sends events. While the server is away runs go on and journals grow;
/// it tries again for ever.
/// </summary>
public sealed class ServerLink(Uri server, string agent, IReadOnlyList<PlaceInfo> places, JournalShelf shelf, EventSender sender, IAgentClient orders, EvidenceUpload evidence, string? token, ILogger log)
{
    /// <summary>Runs until cancelled; throws <see cref="RigException"/> when the server refuses this agent.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 0L; !cancellationToken.IsCancellationRequested; attempt++)
        {
            try
            {
                await ConnectOnceAsync(() => attempt = 0, cancellationToken);
            }
            catch (Exception exception) when (exception is not RigException && !cancellationToken.IsCancellationRequested)
            {
                if (attempt == 0)
                    Log.ServerLost(log, server, exception.Message);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            await Task.Delay(Policies.ReconnectDelay(attempt), cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ConnectOnceAsync(Action welcomed, CancellationToken cancellationToken)
    {
        await using var hub = Build();
        using var closed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        hub.Closed += _ => closed.CancelAsync();
        hub.On<RunOrder>(nameof(IAgentClient.StartRun), orders.StartRun);
        hub.On<string>(nameof(IAgentClient.StopRun), orders.StopRun);
        hub.On<string, RunSteering>(nameof(IAgentClient.SteerRun), orders.SteerRun);
        await hub.StartAsync(cancellationToken);
        var hello = new AgentHello(HubContract.Version, agent, Versions.Agent, places, shelf.Positions());
        var welcome = await hub.InvokeAsync<AgentWelcome>(nameof(IRigHub.Hello), hello, cancellationToken);
        if (welcome.Refusal is { } refusal)
            throw new RigException("server", $"server {server} refuses agent {agent}: {refusal}");
        Log.ServerReached(log, server);
        welcomed();
        await sender.SendAsync(
            async batch =>
            {
                await evidence.SendAsync(batch, closed.Token);
                var number = await hub.InvokeAsync<long>(nameof(IRigHub.Append), batch, closed.Token);
                evidence.Acknowledge(batch);
                return number;
            },
            welcome.Runs,
            closed.Token);
    }

    private HubConnection Build()
    {
        var builder = new HubConnectionBuilder();
        builder.Services.AddSingleton<IConnectionFactory>(new WebSocketConnectionFactory(token));
        builder.Services.AddSingleton<EndPoint>(new UriEndPoint(new Uri(server, HubContract.Path)));
        builder.AddJsonProtocol(options => RunJson.Configure(options.PayloadSerializerOptions));
        return builder.Build();
    }
}
