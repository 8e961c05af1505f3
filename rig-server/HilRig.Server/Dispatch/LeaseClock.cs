using HilRig.Server.Agents;
using HilRig.Server.Discrimination;
using HilRig.Server.Storage;

namespace HilRig.Server.Dispatch;

/// <summary>
/// The leases' heartbeat: agents that are heard of keep theirs; who was not for two beats is hung up on and loses it; who passes the hard end is
/// stopped, and two beats later loses it too. A server's own outage counts for nobody.
/// </summary>
public sealed class LeaseClock(Dispatcher dispatcher, DiscriminationDesk discrimination, AgentRegistry agents, IOrderStore orders, TimeProvider time, ILogger<LeaseClock> log) : BackgroundService
{
    /// <summary>An agent speaks several times in it, so that one lost word costs it nothing.</summary>
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(15);

    private const int LooksInBeat = 3;

    /// <summary>
    /// Silence after which a lease is lost: more than one beat, so that a lost connection has one to come back in, and with the pause between two looks
    /// less than two.
    /// </summary>
    private static readonly TimeSpan Silence = 1.5 * Beat;

    private readonly DateTimeOffset started = time.GetUtcNow();

    /// <summary>One beat. Public for those who move the time by hand.</summary>
    public async Task BeatAsync(CancellationToken cancellationToken)
    {
        await LookAsync(cancellationToken);
        var now = time.GetUtcNow();
        foreach (var order in await orders.ListOverdueAsync(now, cancellationToken))
            await dispatcher.EndAsync(order, order.Until + (2 * Beat) <= now, cancellationToken);
        await discrimination.LookAsync(cancellationToken);
        await dispatcher.FillAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var looks = new PeriodicTimer(Beat / LooksInBeat, time);
        for (var look = 1; await looks.WaitForNextTickAsync(stoppingToken); look++)
        {
            try
            {
                await (look % LooksInBeat == 0 ? BeatAsync(stoppingToken) : LookAsync(stoppingToken));
            }
            catch (Exception exception) when (exception is System.Data.Common.DbException or TimeoutException)
            {
                Log.BeatFailed(log, exception);
            }
        }
    }

    /// <summary>Keeps the leases of those that were heard of, and ends those of the silent.</summary>
    private async Task LookAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var connected = agents.All.Select(agent => (Agent: agent, agent.Heartbeat.Silence)).ToList();
        foreach (var (agent, silence) in connected.Where(pair => pair.Silence > Silence))
        {
            Log.AgentSilent(log, agent.Name, silence);
            agent.Disconnect();
        }
        await orders.KeepLeasesAsync([.. connected.SelectMany(pair => pair.Agent.Places.Select(place => (place.Name, now - pair.Silence)))], cancellationToken);
        if (now - started < 2 * Beat)
            return;
        foreach (var runId in await orders.ExpireLeasesAsync(now - Silence, now, cancellationToken))
            Log.LeaseExpired(log, runId, Silence);
    }
}
