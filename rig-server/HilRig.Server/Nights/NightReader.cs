using HilRig.Analysis.Nights;
using HilRig.Model.Campaigns;
using HilRig.Model.Nights;
using HilRig.Model.Runs;
using HilRig.Model.SignOffs;

namespace HilRig.Server.Nights;

/// <summary>Reads what a night's report is made of. However long the history is, it asks for the runs of two days and for open goals alone.</summary>
public sealed class NightReader(IRunReader reader, ICampaignReader campaigns, ISignOffReader signOffs, TimeProvider time) : INightReader
{
    private const int MostRuns = 5000;
    private const int MostCampaigns = 20;

    // A run that went on into the night began at most so long before; an older one is not in the report.
    private static readonly TimeSpan Before = TimeSpan.FromDays(1);

    public async Task<NightReport> ReadNightAsync(Night night, CancellationToken cancellationToken)
    {
        var runs = await reader.ListRunsAsync(new RunQuery(StartedFrom: night.From - Before, StartedBefore: night.To), MostRuns, cancellationToken);
        return NightFold.Of(
            night, runs, runs.Count == MostRuns,
            await reader.ListFlagsAsync(cancellationToken),
            await reader.ListPlacesAsync(cancellationToken),
            await ReadGoalsAsync(night, cancellationToken),
            time.GetUtcNow());
    }

    private async Task<IReadOnlyList<NightGoal>> ReadGoalsAsync(Night night, CancellationToken cancellationToken)
    {
        var newest = await campaigns.ListCampaignsAsync(null, null, MostCampaigns, cancellationToken);
        var signed = await signOffs.ListSignOffsAsync(cancellationToken);
        return
        [
            .. signed.Where(signOff => signOff.RegisteredAt < night.To && (signOff.IsOpen || signOff.Approvals.Any(approval => approval.At >= night.From))).Select(ToGoal),
            .. newest.Where(view => view.Campaign.OrderedAt < night.To && (view.Campaign.IsOpen || view.Campaign.ClosedAt >= night.From)).Select(ToGoal),
        ];
    }

    private static NightGoal ToGoal(CampaignView view) => new(
        "campaign", view.Campaign.Id, view.Campaign.Plan.Name, view.Campaign.State.ToString(), view.Progress.Done, view.Progress.Target,
        $"{view.Campaign.Plan.Goal}: {view.Campaign.Because ?? view.Progress.Waiting ?? (view.Campaign.Plan.Goal.Runs is null ? FormattableString.Invariant($"at most {view.Progress.Bound:0.####%} of cycles fail, if it ended now") : "goes on")}");

    private static NightGoal ToGoal(SignOffView view) => new("sign-off", view.Release, $"Sign-off of {view.Release}", view.StageWord, view.Done, view.Needed, view.Sentence);
}
