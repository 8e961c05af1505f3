using HilRig.Model.Flags;

namespace HilRig.Model.Campaigns;

/// <summary>Runs over many boards with one goal.</summary>
/// <param name="By">Who ordered it.</param>
/// <param name="Because">Why it is paused, or how it ended; null while it goes on.</param>
public sealed record Campaign(
    string Id, CampaignPlan Plan, CampaignState State, int Priority, string By, DateTimeOffset OrderedAt, DateTimeOffset? ClosedAt, string? Because)
{
    /// <summary>True until its goal is met or missed, or it is stopped.</summary>
    public bool IsOpen => State is CampaignState.Running or CampaignState.Paused;
}

/// <summary>How far a campaign has come.</summary>
public enum CampaignState
{
    Running,

    /// <summary>Gets no new run; what runs goes on to its end.</summary>
    Paused,

    Met,
    Missed,

    /// <summary>A person ended it before its goal was decided.</summary>
    Stopped,
}

/// <summary>What shall be run; fixed from the start, so that the goal cannot follow the outcome.</summary>
/// <param name="SequenceName">The file's name.</param>
/// <param name="Sequence">Its text.</param>
/// <param name="ImageDigest">SHA-256 of the image; null where the sequence needs none.</param>
/// <param name="Release">Name of the bootloader release under test; the agent's finding where it is null.</param>
/// <param name="Board">Board type of the places that take part.</param>
/// <param name="Tags">Tags that they must have, all of them.</param>
/// <param name="Boards">Boards that are needed: none may do more than its share of so many.</param>
/// <param name="CyclesPerRun">Length of a run; a place is free for others after each.</param>
/// <param name="Schedule">Hours in which it may run; null for all.</param>
public sealed record CampaignPlan(
    string Name,
    CampaignGoal Goal,
    string SequenceName,
    string Sequence,
    string? ImageName,
    string? ImageDigest,
    string? Release,
    string Board,
    IReadOnlyList<string> Tags,
    int Boards,
    int CyclesPerRun,
    Schedule? Schedule);

/// <summary>Either a claim of the release, or a number of runs.</summary>
/// <param name="Limit">The failure probability of a cycle to be excluded; null where the goal is a number of runs.</param>
/// <param name="Confidence">Of the claim.</param>
/// <param name="Runs">Runs to be completed; null where the goal is a claim.</param>
/// <param name="AllowedFailures">Failed cycles beyond which the goal is missed; null for any number, which a claim does not allow.</param>
public sealed record CampaignGoal(double? Limit, double Confidence, int? Runs, int? AllowedFailures)
{
    public override string ToString() => Runs is { } runs
        ? $"{runs} runs{(AllowedFailures is { } most ? $" with at most {most} failed cycles" : "")}"
        : $"failure of a cycle below {Limit:0.######%} at {Confidence:0.##%}{(AllowedFailures > 0 ? $", {AllowedFailures} failures allowed" : "")}";
}

/// <summary>Where a campaign stands, counted from the cycles that are stored.</summary>
/// <param name="Target">Countable cycles that the claim needs, or runs.</param>
/// <param name="Done">Countable cycles, or completed runs.</param>
/// <param name="Rate">Failed of the countable cycles; one that nobody can attribute counts as failed.</param>
/// <param name="Bound">Upper bound of the failure probability at the goal's confidence (Clopper–Pearson). It is the claim once the goal is met, not before.</param>
/// <param name="Voided">Cycles and runs that do not count, by reason.</param>
/// <param name="Boards">Boards, by their unique id, that countable cycles came from.</param>
/// <param name="RunsOver">Runs that have ended.</param>
/// <param name="RunsOpen">Runs that are queued or go on.</param>
/// <param name="SetAside">Places that get no more of it: their last runs gave nothing that counts. A resume tries them again.</param>
/// <param name="Waiting">Why none of it runs; null where something does, or it is over.</param>
/// <param name="Forecast">When it will be done at the pace so far; null where there is none.</param>
public sealed record CampaignProgress(
    long Target,
    long Done,
    Rate Rate,
    double Bound,
    IReadOnlyList<Voided> Voided,
    int Boards,
    int RunsOver,
    int RunsOpen,
    IReadOnlyList<string> SetAside,
    string? Waiting = null,
    DateTimeOffset? Forecast = null)
{
    public double Share => Target == 0 ? 0 : Math.Min(1, (double)Done / Target);
}

/// <summary>Where a campaign stood when one of its runs ended.</summary>
/// <param name="Rate">Failed of the countable cycles until then.</param>
/// <param name="Bound">Upper bound of the failure probability at the goal's confidence.</param>
public sealed record CampaignPoint(DateTimeOffset At, Rate Rate, double Bound);

/// <param name="Reason">The rule by which they do not count.</param>
public sealed record Voided(string Reason, long Count);

/// <summary>A campaign as pages and API show it.</summary>
public sealed record CampaignView(Campaign Campaign, CampaignProgress Progress);
