using HilRig.Model.Campaigns;

namespace HilRig.Analysis.Campaigns;

/// <summary>When a campaign will be done if its boards go on as they did: no promise, the pace of its stored runs over those that run now.</summary>
public static class CampaignForecast
{
    public static DateTimeOffset? Of(CampaignPlan plan, IReadOnlyList<CampaignRun> runs, CampaignProgress progress, DateTimeOffset now)
    {
        var left = progress.Target - progress.Done;
        var working = runs.Count(run => run is { IsOpen: true, Begun: not null });
        var spent = TimeSpan.FromTicks(runs.Where(run => run.Begun is not null).Sum(run => (run.Begun!.LastEventAt - run.Begun.StartedAt).Ticks));
        if (left <= 0 || working == 0 || progress.Done == 0 || spent <= TimeSpan.Zero)
            return null;
        var work = spent * ((double)left / progress.Done / working);
        return work > TimeSpan.FromDays(3650) ? null : plan.Schedule?.After(now, work) ?? now + work;
    }
}
