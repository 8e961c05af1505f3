using HilRig.Model.Rig;
using HilRig.Model.Runs;
using HilRig.Server.Dispatch;
using HilRig.Server.Storage;

namespace HilRig.Server.Judging;

/// <summary>Runs that are ordered once, by name, and read when they are over.</summary>
/// <param name="allowed">False where only what was ordered before may be read.</param>
internal sealed class InvestigationOrders(Dispatcher dispatcher, IRunStore runs, bool allowed)
{
    private const int MostEvents = 200_000;

    public bool Allowed => allowed;

    public async Task<RunOrder?> FindAsync(string name, CancellationToken cancellationToken) => (await dispatcher.FindOrderAsync(name, cancellationToken))?.Order;

    /// <summary>The run's events once it is over; null before. Orders it where it is not known yet.</summary>
    public async Task<IReadOnlyList<RunEvent>?> EndedAsync(RunOrder order, CancellationToken cancellationToken)
    {
        if (await dispatcher.FindOrderAsync(order.RunId, cancellationToken) is not { } known)
        {
            if (allowed)
                await dispatcher.EnqueueAsync(order, new OrderTerms(), "auto-investigate", cancellationToken);
            return null;
        }
        return known.State is OrderState.Ended or OrderState.Lost or OrderState.Cancelled ? await runs.ReadEventsAsync(order.RunId, 0, MostEvents, cancellationToken) : null;
    }
}
