using HilRig.Analysis.Campaigns;
using HilRig.Model.Campaigns;
using HilRig.Model.Rig;
using HilRig.Server.Dispatch;
using HilRig.Server.Storage;

namespace HilRig.Server.Campaigns;

/// <summary>
/// Turns campaigns into runs: one at a time for each idle place, as long as the goal leaves something to do; ends those whose goal is decided;
/// calls runs back outside of a campaign's hours. It works on the store alone, and dispatch hands over what it ordered.
/// </summary>
public sealed class CampaignDesk(CampaignStore campaigns, IOrderStore orders, TimeProvider time, ILogger<CampaignDesk> log)
{
    /// <param name="connected">Places whose agents are connected to this server; the others are another server's to fill.</param>
    public async Task PlanAsync(IReadOnlyList<PlaceInfo> connected, CancellationToken cancellationToken)
    {
        foreach (var stored in await campaigns.ListOpenAsync(cancellationToken))
            await PlanAsync(stored, connected, cancellationToken);
    }

    /// <summary>Ends a campaign before its goal is decided; false where it is none that is open.</summary>
    public async Task<bool> StopAsync(string id, string by, CancellationToken cancellationToken)
    {
        if (!await campaigns.ChangeStateAsync(id, CampaignState.Stopped, $"stopped by {by}", by, cancellationToken))
            return false;
        await CallBackAsync(await campaigns.ReadRunsAsync(id, cancellationToken), $"campaign {id}", "its campaign was stopped", cancellationToken);
        return true;
    }

    /// <summary>Pauses: what waits is taken back, what runs goes on to its end.</summary>
    public async Task<bool> PauseAsync(string id, string because, string by, CancellationToken cancellationToken)
    {
        if (!await campaigns.ChangeStateAsync(id, CampaignState.Paused, $"paused by {by}: {because}", by, cancellationToken))
            return false;
        foreach (var run in await campaigns.ReadRunsAsync(id, cancellationToken))
            await CancelIfQueuedAsync(run, "its campaign was paused", cancellationToken);
        return true;
    }

    private async Task PlanAsync(StoredCampaign stored, IReadOnlyList<PlaceInfo> connected, CancellationToken cancellationToken)
    {
        var campaign = stored.Campaign;
        var runs = await campaigns.ReadRunsAsync(campaign.Id, cancellationToken);
        if (CampaignCount.Decide(campaign.Plan, CampaignCount.Of(campaign.Plan, runs, stored.ResumedAt)) is { } decision)
        {
            if (await campaigns.ChangeStateAsync(campaign.Id, decision.State, decision.Because, "dispatch", cancellationToken))
                Log.CampaignDecided(log, campaign.Id, decision.State, decision.Because);
            await CallBackAsync(runs, $"campaign {campaign.Id}", $"its campaign's goal is {decision.State.ToString().ToLowerInvariant()}", cancellationToken);
            return;
        }
        if (campaign.Plan.Schedule is { } schedule && !schedule.IsOpen(time.GetUtcNow()))
            await CallBackAsync(runs, "schedule", $"outside of its hours ({schedule})", cancellationToken);
        else if (campaign.State is CampaignState.Running)
            await AllotAsync(stored, connected, cancellationToken);
    }

    private Task AllotAsync(StoredCampaign stored, IReadOnlyList<PlaceInfo> connected, CancellationToken cancellationToken)
    {
        var (campaign, plan) = (stored.Campaign, stored.Campaign.Plan);
        var needs = new PlaceNeeds(plan.Board, plan.Tags);
        var fitting = connected.Where(needs.AreMetBy).Select(place => place.Name).Order(StringComparer.Ordinal).ToList();
        return fitting.Count == 0 ? Task.CompletedTask : campaigns.AllotAsync(campaign.Id, Choose, cancellationToken);

        IReadOnlyList<RunOrder> Choose(IReadOnlyList<CampaignRun> runs, IReadOnlySet<string> idle)
        {
            var ordered = new List<RunOrder>();
            var now = time.GetUtcNow();
            foreach (var place in fitting.Where(idle.Contains))
            {
                var left = CampaignCount.LeftFor(place, plan, runs, CampaignCount.Of(plan, runs, stored.ResumedAt));
                if (left == 0)
                    continue;
                var order = OrderOf(plan, place, plan.Goal.Runs is null ? (int)Math.Min(left, plan.CyclesPerRun) : plan.CyclesPerRun, now);
                ordered.Add(order);
                runs = [.. runs, new CampaignRun(order.RunId, place, true, order.Cycles, now, null, [])];
            }
            return ordered;
        }
    }

    private static RunOrder OrderOf(CampaignPlan plan, string place, int cycles, DateTimeOffset now) => new(
        RunId.New(place, now), 0, place, plan.SequenceName, plan.Sequence, plan.ImageName, plan.ImageDigest, cycles, Random.Shared.Next(), plan.Release);

    /// <summary>What waits is cancelled, what runs is asked to stop after its step; once.</summary>
    private async Task CallBackAsync(IReadOnlyList<CampaignRun> runs, string by, string because, CancellationToken cancellationToken)
    {
        foreach (var run in runs.Where(run => run.IsOpen))
        {
            if (!await CancelIfQueuedAsync(run, because, cancellationToken) && await orders.FindOrderAsync(run.RunId, cancellationToken) is { State: OrderState.Leased, StopRequested: false })
                await orders.RequestStopAsync(run.RunId, by, time.GetUtcNow(), cancellationToken);
        }
    }

    private async Task<bool> CancelIfQueuedAsync(CampaignRun run, string because, CancellationToken cancellationToken)
    {
        if (!run.IsOpen || await orders.FindOrderAsync(run.RunId, cancellationToken) is not { State: OrderState.Queued })
            return false;
        await orders.CloseAsync(run.RunId, OrderState.Cancelled, because, time.GetUtcNow(), cancellationToken);
        return true;
    }
}
