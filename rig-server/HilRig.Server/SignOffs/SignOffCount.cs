using HilRig.Analysis.Rates;
using HilRig.Analysis.SignOff;
using HilRig.Model.Campaigns;
using HilRig.Model.Runs;
using HilRig.Model.SignOffs;
using HilRig.Server.Storage;

namespace HilRig.Server.SignOffs;

/// <summary>What the events of a sign-off's runs amount to, without the events.</summary>
/// <param name="Head">Head of the chain; null while there is nothing to approve.</param>
internal sealed record SignOffCount(SignOffFigures Figures, IReadOnlyList<VoidedCycle> VoidedCycles, string? Head)
{
    private const int MostVoided = 200;

    public static SignOffCount Of(Dossier dossier)
    {
        var figures = dossier.Figures;
        return new SignOffCount(
            figures,
            [.. dossier.Samples.Where(sample => sample is { Voided: not null, IsGolden: false }).OrderByDescending(sample => sample.At).Take(MostVoided)
                .Select(sample => new VoidedCycle(sample.RunId, sample.Cycle, sample.At, sample.Place, sample.Voided!))],
            figures.State is SignOffState.Met ? Dossier.Head(Dossier.Chain(dossier.Contents())) : null);
    }

    /// <param name="kept">Head of the contents that the first word was given for, where they are kept: what is counted by now no longer matters to them.</param>
    public static SignOffView ToView(
        StoredSignOff signOff, IReadOnlyList<SignOffRun> runs, IReadOnlyList<SignOffApproval> approvals, string? kept, SignOffCount? count, string? trouble, DateTimeOffset at)
    {
        var (plan, figures) = (signOff.Plan, count?.Figures);
        var head = kept ?? count?.Head;
        var missing = SignOffApproval.Missing(approvals, head ?? "");
        return new SignOffView(
            signOff.Id, plan.Release, plan.Digest, ToTerms(plan), signOff.By, signOff.RegisteredAt, signOff.Runs is not null,
            kept is null ? StageOf(figures, missing) : missing is null ? SignOffStage.Approved : SignOffStage.Reached, runs.Count, runs.Count(run => !run.HasEnded),
            figures?.Cycles ?? 0, figures?.Needed ?? plan.Cycles, Wilson.Rate((int)(figures?.Failures ?? 0), (int)(figures?.Cycles ?? 0)),
            figures?.Bound ?? 1, figures?.WorstBound ?? 1, figures?.Describe(plan) ?? "", figures?.Spread.Describe() ?? "",
            [.. (figures?.Boards ?? []).Select(board => new SignOffBoard(board.Place, Wilson.Rate((int)board.Failures, (int)board.Cycles), board.Bound))],
            [.. (figures?.VoidedByRule ?? new Dictionary<string, long>()).Select(rule => new Voided(rule.Key, rule.Value))],
            count?.VoidedCycles ?? [], figures?.Missing ?? [], head,
            [.. approvals.Select(approval => new ApprovalView(approval.Name, approval.At, approval.Head))], missing, trouble, at);
    }

    private static SignOffStage StageOf(SignOffFigures? figures, string? missing) => figures?.State switch
    {
        null => SignOffStage.Unreadable,
        SignOffState.Failed => SignOffStage.Missed,
        SignOffState.Void => SignOffStage.Void,
        SignOffState.Met => missing is null ? SignOffStage.Approved : SignOffStage.Reached,
        _ => SignOffStage.Running,
    };

    private static SignOffTerms ToTerms(SignOffPlan plan) => new(
        plan.Limit, plan.Confidence, StoredText.ToText(plan.Rule), plan.AllowedFailures, plan.Places, plan.Mix, plan.MostVoided, StoredText.ToText(plan.Unit), plan.BoardVariation, plan.Golden, StoredText.ToText(plan.Exposure),
        plan.Voiding.ToDictionary(rule => rule, rule => VoidingRules.All.GetValueOrDefault(rule, "")));
}
