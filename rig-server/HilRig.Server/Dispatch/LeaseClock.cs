using HilRig.Server.Agents;
using HilRig.Server.Discrimination;
using HilRig.Server.Storage;

namespace HilRig.Server.Dispatch;

/// <summary>
/// The leases' heartbeat: connected agents keep theirs; who was not heard of for two beats loses it; who passes the hard end is stopped,
/// and two beats later loses it too. A server's own outage counts for nobody.
/// </summary>
public sealed class LeaseClock(Dispatcher dispatcher, DiscriminationDesk discrimination, AgentRegistry agents, IOrderStore orders, TimeProvider time, ILogger<LeaseClock> log) : BackgroundService
{
    /// <summary>SignalR's own: an agent's client speaks at least once in this time, and its connection is given up after two.</summary>
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Silence after which a lease is lost, looked at once a beat: more than one beat, so that a lost connection has one to come back in, and less than
    /// two, so that the second beat after a holder's death frees its place whatever the timer's jitter. One whose network died without a word first
    /// costs SignalR two beats to notice.
    /// </summary>
    private static readonly TimeSpan Silence = 1.5 * Beat;

    private readonly DateTimeOffset started = time.GetUtcNow();

    /// <summary>One beat. Public for those who move the time by hand.</summary>
    public async Task BeatAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await orders.KeepLeasesAsync([.. agents.All.SelectMany(agent => agent.Places).Select(place => place.Name)], now, cancellationToken);
        if (now - started >= 2 * Beat)
        {
            foreach (var runId in await orders.ExpireLeasesAsync(now - Silence, now, cancellationToken))
                Log.LeaseExpired(log, runId, Silence);
        }
        foreach (var order in await orders.ListOverdueAsync(now, cancellationToken))
            await dispatcher.EndAsync(order, order.Until + (2 * Beat) <= now, cancellationToken);
        await discrimination.LookAsync(cancellationToken);
        await dispatcher.FillAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var beats = new PeriodicTimer(Beat, time);
        while (await beats.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await BeatAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is System.Data.Common.DbException or TimeoutException)
            {
                Log.BeatFailed(log, exception);
            }
        }
    }
}
