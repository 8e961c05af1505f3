using System.Text.Json.Serialization;
using HilRig.Model.Campaigns;
using HilRig.Model.Flags;

namespace HilRig.Model.SignOffs;

/// <summary>How far a sign-off has come.</summary>
public enum SignOffStage
{
    /// <summary>Its plan stands; cycles are missing.</summary>
    Running,

    /// <summary>The bound is reached; two people's word is missing.</summary>
    Reached,

    /// <summary>Two people with the role qa gave their word for these contents.</summary>
    Approved,

    /// <summary>More failures than the plan allows: not by this plan, nor by starting it again.</summary>
    Missed,

    /// <summary>More was left out as the rig's than the plan allows.</summary>
    Void,

    /// <summary>Its events cannot be counted; the trouble says why.</summary>
    Unreadable,
}

/// <summary>A sign-off at the server as pages and API show it: the plan that stood before the first sample, and what its runs amount to.</summary>
/// <param name="Digest">SHA-256 of the plan.</param>
/// <param name="IsClosed">The first approval fixed the runs that it rests on.</param>
/// <param name="Runs">How many runs it rests on.</param>
/// <param name="RunsOpen">Those that go on.</param>
/// <param name="Done">Countable cycles.</param>
/// <param name="Needed">Countable cycles that the plan asks for.</param>
/// <param name="Cycles">Failed of the countable ones.</param>
/// <param name="Bound">At the plan's confidence the failure probability of a cycle lies below it.</param>
/// <param name="WorstBound">The same with every voided cycle against the product.</param>
/// <param name="Claim">All of it in words.</param>
/// <param name="Spread">Whether boards differ and failures cluster, in words.</param>
/// <param name="Voided">Voided cycles by rule.</param>
/// <param name="VoidedCycles">The newest voided cycles one by one.</param>
/// <param name="Missing">What the plan still lacks, in words.</param>
/// <param name="Head">Head of the chain over its contents as they are: what people approve; null where it cannot be approved.</param>
/// <param name="Approval">What is missing of two people's word; null where nothing is.</param>
/// <param name="Trouble">Why its events cannot be counted; null where they can.</param>
/// <param name="AsOf">When it was counted.</param>
public sealed record SignOffView(
    string Id,
    string Release,
    string Digest,
    SignOffTerms Terms,
    string By,
    DateTimeOffset RegisteredAt,
    bool IsClosed,
    SignOffStage Stage,
    int Runs,
    int RunsOpen,
    long Done,
    long Needed,
    Rate Cycles,
    double Bound,
    double WorstBound,
    string Claim,
    string Spread,
    IReadOnlyList<SignOffBoard> Boards,
    IReadOnlyList<Voided> Voided,
    IReadOnlyList<VoidedCycle> VoidedCycles,
    IReadOnlyList<string> Missing,
    string? Head,
    IReadOnlyList<ApprovalView> Approvals,
    string? Approval,
    string? Trouble,
    DateTimeOffset AsOf)
{
    /// <summary>It can still become an approval.</summary>
    [JsonIgnore]
    public bool IsOpen => Stage is SignOffStage.Running or SignOffStage.Reached or SignOffStage.Unreadable;

    /// <summary>The stage as a reader sees it.</summary>
    [JsonIgnore]
    public string StageWord => Stage switch
    {
        SignOffStage.Running => "Running",
        SignOffStage.Reached => "Waits for approval",
        SignOffStage.Approved => "Approved",
        SignOffStage.Missed => "Missed",
        SignOffStage.Void => "Void",
        _ => "Cannot be counted",
    };

    /// <summary>Where it stands, in one sentence.</summary>
    [JsonIgnore]
    public string Sentence => Stage switch
    {
        SignOffStage.Unreadable => Trouble ?? "",
        SignOffStage.Running => FormattableString.Invariant($"{Done:N0} of {Needed:N0} cycles, {Cycles.Failures} failed; {(Bound < 1 ? FormattableString.Invariant($"below {Bound:0.####%} so far") : "nothing is excluded yet")}, {Terms.Limit:0.####%} is the limit"),
        SignOffStage.Reached => $"the bound is reached; {Approval}",
        SignOffStage.Approved => FormattableString.Invariant($"below {Bound:0.####%} at {Terms.Confidence:0.##%}, approved by {string.Join(" and ", Approvals.Select(approval => approval.Name))}"),
        SignOffStage.Missed => FormattableString.Invariant($"{Cycles.Failures} failures, {Terms.AllowedFailures} are allowed: this release cannot be signed off by this plan, nor by starting it again"),
        _ => $"more cycles were left out as the rig's than the plan allows: {string.Join(", ", Voided.Select(voided => $"{voided.Count} by {voided.Reason}"))}",
    };
}

/// <summary>The plan, as it was fixed.</summary>
/// <param name="Rule">fixed or anytime.</param>
/// <param name="Unit">cycle or session.</param>
/// <param name="Golden">The control release; null without one.</param>
/// <param name="Voiding">The rules by which cycles do not count: names with their version, and what they leave out.</param>
public sealed record SignOffTerms(
    double Limit, double Confidence, string Rule, int AllowedFailures, IReadOnlyList<string> Places, IReadOnlyDictionary<string, double> Mix, double MostVoided, string Unit, double BoardVariation, string? Golden, string Exposure, IReadOnlyDictionary<string, string> Voiding);

/// <param name="Bound">Of this board alone.</param>
public sealed record SignOffBoard(string Place, Rate Cycles, double Bound);

/// <param name="Rule">By which it does not count.</param>
public sealed record VoidedCycle(string RunId, int Cycle, DateTimeOffset At, string Place, string Rule);

/// <summary>One person's word.</summary>
public sealed record ApprovalView(string Name, DateTimeOffset At, string Head);

/// <summary>All that pages may know of sign-offs.</summary>
public interface ISignOffReader
{
    /// <summary>The newest first.</summary>
    Task<IReadOnlyList<SignOffView>> ListSignOffsAsync(CancellationToken cancellationToken);

    /// <summary>The sign-off of a release; null where it has no plan.</summary>
    Task<SignOffView?> FindSignOffAsync(string release, CancellationToken cancellationToken);
}
