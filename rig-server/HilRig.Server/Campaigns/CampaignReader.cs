using HilRig.Analysis.Campaigns;
using HilRig.Model.Campaigns;
using HilRig.Model.Runs;
using HilRig.Server.Agents;
using HilRig.Server.Operations;
using HilRig.Server.Storage;

namespace HilRig.Server.Campaigns;

/// <summary>What pages and API read of campaigns: the plan, what its stored cycles amount to, and what it waits for.</summary>
public sealed class CampaignReader(CampaignStore campaigns, AgentRegistry agents, DiskRoom room, TimeProvider time) : ICampaignReader
{
    public async Task<IReadOnlyList<CampaignView>> ListCampaignsAsync(CampaignState? state, string? before, int limit, CancellationToken cancellationToken)
    {
        var views = new List<CampaignView>();
        foreach (var stored in await campaigns.ListAsync(state, before, limit, cancellationToken))
            views.Add(await ToViewAsync(stored, cancellationToken));
        return views;
    }

    public async Task<CampaignView?> FindCampaignAsync(string campaignId, CancellationToken cancellationToken) =>
        await campaigns.FindAsync(campaignId, cancellationToken) is { } stored ? await ToViewAsync(stored, cancellationToken) : null;

    public async Task<IReadOnlyList<CampaignPoint>> ReadCourseAsync(string campaignId, int most, CancellationToken cancellationToken) =>
        await campaigns.FindAsync(campaignId, cancellationToken) is { } stored
            ? CampaignCount.CourseOf(stored.Campaign.Plan, await campaigns.ReadRunsAsync(campaignId, cancellationToken), most)
            : [];

    public async Task<IReadOnlyList<RunSummary>> ListCampaignRunsAsync(string campaignId, int limit, CancellationToken cancellationToken) =>
        [.. (await campaigns.ReadRunsAsync(campaignId, cancellationToken)).Select(run => run.Begun).OfType<RunSummary>().OrderByDescending(run => run.StartedAt).Take(limit)];

    private async Task<CampaignView> ToViewAsync(StoredCampaign stored, CancellationToken cancellationToken)
    {
        var runs = await campaigns.ReadRunsAsync(stored.Campaign.Id, cancellationToken);
        var progress = CampaignCount.Of(stored.Campaign.Plan, runs, stored.ResumedAt);
        return new CampaignView(stored.Campaign, progress with
        {
            Waiting = ReasonToWait(stored.Campaign, progress, runs),
            Forecast = stored.Campaign.State is CampaignState.Running ? CampaignForecast.Of(stored.Campaign.Plan, runs, progress, time.GetUtcNow()) : null,
        });
    }

    private string? ReasonToWait(Campaign campaign, CampaignProgress progress, IReadOnlyList<CampaignRun> runs)
    {
        if (!campaign.IsOpen || runs.Any(run => run is { IsOpen: true, Begun: not null }))
            return null;
        var (plan, now) = (campaign.Plan, time.GetUtcNow());
        if (campaign.State is CampaignState.Paused)
            return campaign.Because;
        if (plan.Schedule is { } schedule && !schedule.IsOpen(now))
            return $"its hours are {schedule}; they begin at {schedule.OpensAt(now):u}";
        if (room.Refusal is { } refusal)
            return refusal;
        var needs = new PlaceNeeds(plan.Board, plan.Tags);
        var connected = agents.All.SelectMany(agent => agent.Places).Where(needs.AreMetBy).ToList();
        if (connected.Count == 0)
            return $"no connected place is {needs}";
        var fitting = connected.Where(place => place.OutOfRotation is null).Select(place => place.Name).ToList();
        if (fitting.Count == 0)
            return $"out of rotation: {string.Join("; ", connected.Select(place => $"{place.Name}, {place.OutOfRotation}"))}";
        if (fitting.TrueForAll(progress.SetAside.Contains))
            return $"the last runs on {string.Join(", ", fitting)} gave no cycle that counts; look at them, then resume the campaign";
        return progress.Done >= progress.Target && progress.Boards < plan.Boards
            ? $"its cycles are done, but on {progress.Boards} boards; the goal needs {plan.Boards}"
            : $"{string.Join(", ", fitting)}: busy, paused, or their share is done";
    }
}
