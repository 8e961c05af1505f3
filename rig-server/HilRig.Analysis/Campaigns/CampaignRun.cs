using HilRig.Model.Runs;

namespace HilRig.Analysis.Campaigns;

/// <summary>A run of a campaign, as far as it has come.</summary>
/// <param name="IsOpen">Queued or under way; false once nothing more will come of it.</param>
/// <param name="Cycles">Cycles that it was ordered for; null for the sequence's own number.</param>
/// <param name="OrderedAt">Also tells the newest runs of a place.</param>
/// <param name="Begun">What it has sent; null where it has sent nothing.</param>
/// <param name="Outcomes">Its cycles by verdict and layer; <see cref="Verdict.NotSet"/> is one that was cut short, or goes on.</param>
public sealed record CampaignRun(
    string RunId, string Place, bool IsOpen, int? Cycles, DateTimeOffset OrderedAt, RunSummary? Begun, IReadOnlyList<CycleCount> Outcomes)
{
    /// <summary>Cycles that it will still do, as far as anybody knows.</summary>
    public long Expected => IsOpen ? Math.Max(0, (Cycles ?? 0) - (Begun?.CyclesDone ?? 0)) : 0;
}

/// <summary>How many cycles ended so.</summary>
public sealed record CycleCount(Verdict Verdict, Layer Layer, long Count);
