using System.Net;
using HilRig.Agent.Running;
using HilRig.Model.Rig;
using HilRig.Model.Runs;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HilRig.Agent.Hub;

/// <summary>
/// The connection to the server: says hello, takes orders, sends events. While the server is away runs go on and journals grow;
/// it tries again for ever.
/// </summary>
/// <param name="places">What the agent has, as it is now: a place may leave the rotation and come back.</param>
public sealed class ServerLink(Uri server, string agent, Func<IReadOnlyList<PlaceInfo>> places, JournalShelf shelf, EventSender sender, IAgentClient orders, EvidenceUpload evidence, TelemetryLane telemetry, string? token, ILogger log)
{
    private static readonly TimeSpan LookAtPlaces = TimeSpan.FromSeconds(5);

    /// <summary>What was said of the connection last: why there is none, null that there is one, empty before the first word.</summary>
    private string? said = "";

    /// <summary>Runs until cancelled; throws <see cref="RigException"/> when the server refuses this agent.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 0L; !cancellationToken.IsCancellationRequested; attempt++)
        {
            try
            {
                await ConnectOnceAsync(
                    () =>
                    {
                        attempt = 0;
                        SayReached();
                    },
                    cancellationToken);
            }
            catch (Exception exception) when (exception is not RigException && !cancellationToken.IsCancellationRequested)
            {
                SayLost(exception.Message);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            await Task.Delay(Policies.ReconnectDelay(attempt), cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ConnectOnceAsync(Action progressed, CancellationToken cancellationToken)
    {
        await using var hub = Build();
        using var closed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Exception? why = null;
        hub.Closed += exception =>
        {
            why = exception;
            return closed.CancelAsync();
        };
        hub.On<RunOrder>(nameof(IAgentClient.StartRun), orders.StartRun);
        hub.On<string>(nameof(IAgentClient.StopRun), orders.StopRun);
        hub.On<string, RunSteering>(nameof(IAgentClient.SteerRun), orders.SteerRun);
        await hub.StartAsync(cancellationToken);
        var announced = places();
        var hello = new AgentHello(HubContract.Version, agent, Versions.Agent, announced, shelf.Positions(), HubContract.Minor);
        var welcome = await hub.InvokeAsync<AgentWelcome>(nameof(IRigHub<>.Hello), hello, cancellationToken);
        if (welcome.Refusal is { } refusal)
            throw new RigException("server", $"server {server} refuses agent {agent}: {refusal}");
        // Later ones prove first that they are good for something: a server that lets agents in and cannot store is no news every few seconds.
        if (said is "")
            SayReached();
        await using var steady = new Timer(_ => progressed(), null, Policies.SteadyConnection, Timeout.InfiniteTimeSpan);
        await using var lane = new EventLane(hub, welcome, closed.Token);
        using var turn = new SemaphoreSlim(1, 1);
        var telling = telemetry.SendAsync(batch => hub.SendAsync(nameof(IRigHub<>.Telemetry), batch, closed.Token), closed.Token);
        var watching = WatchPlacesAsync(AnnounceAsync, closed.Token);
        try
        {
            await sender.SendAsync(
                async (batch, token) =>
                {
                    await evidence.SendAsync(batch, token);
                    // The end of a run may get its place the next one: the server must know before whether it may take it.
                    await AnnounceAsync();
                    return AcknowledgeAsync(batch, await lane.SendAsync(batch, token));
                },
                lane.Window,
                welcome.Runs,
                closed.Token);
        }
        catch (OperationCanceledException) when (closed.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new IOException(why?.Message ?? "the server ended the connection", why);
        }
        finally
        {
            await closed.CancelAsync();
            await Task.WhenAll(telling, watching).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        async Task<long> AcknowledgeAsync(EventBatch batch, Task<long> answer)
        {
            var number = await answer;
            progressed();
            evidence.Acknowledge(batch);
            return number;
        }

        async Task AnnounceAsync()
        {
            await turn.WaitAsync(closed.Token);
            var now = places();
            try
            {
                if (now.Select(place => place.OutOfRotation).SequenceEqual(announced.Select(place => place.OutOfRotation)))
                    return;
                await hub.InvokeAsync(nameof(IRigHub<>.Announce), now, closed.Token);
                announced = now;
            }
            catch (HubException)
            {
                // A server from before places could leave the rotation.
                announced = now;
            }
            finally
            {
                turn.Release();
            }
        }
    }

    private void SayReached()
    {
        if (said is null)
            return;
        said = null;
        Log.ServerReached(log, server);
    }

    private void SayLost(string reason)
    {
        if (said == reason)
            return;
        said = reason;
        Log.ServerLost(log, server, reason);
    }

    /// <summary>A board may be proven while nothing runs, by another process.</summary>
    private static async Task WatchPlacesAsync(Func<Task> announce, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(LookAtPlaces);
        while (await timer.WaitForNextTickAsync(cancellationToken))
            await announce();
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
