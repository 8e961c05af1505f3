using HilRig.Model.Runs;

namespace HilRig.Model.Campaigns;

/// <summary>All that pages and the API may know of campaigns.</summary>
public interface ICampaignReader
{
    /// <summary>The newest first, of one state or of all; those before a campaign for the next page.</summary>
    Task<IReadOnlyList<CampaignView>> ListCampaignsAsync(CampaignState? state, string? before, int limit, CancellationToken cancellationToken);

    /// <summary>Null where there is no such campaign.</summary>
    Task<CampaignView?> FindCampaignAsync(string campaignId, CancellationToken cancellationToken);

    /// <summary>How its bound shrank, run by run as they ended; of a long campaign some of the points, the last among them.</summary>
    Task<IReadOnlyList<CampaignPoint>> ReadCourseAsync(string campaignId, int most, CancellationToken cancellationToken);

    /// <summary>Its runs that have begun, the newest first.</summary>
    Task<IReadOnlyList<RunSummary>> ListCampaignRunsAsync(string campaignId, int limit, CancellationToken cancellationToken);
}
