using HilRig.Model.Flags;
using HilRig.Model.Runs;

namespace HilRig.Model.Nights;

/// <summary>What a morning asks of the night: what ran, what is new, who must go to which board, what the rig cost, how far the goals are.</summary>
/// <param name="Date">The day on which the night began.</param>
/// <param name="Zone">The clock's zone, by IANA's name.</param>
/// <param name="AsOf">When it was written; flags and boards are as of then.</param>
/// <param name="Cycles">Failed of the cycles that count.</param>
/// <param name="Voided">Cycles that the rig spoiled or somebody stopped.</param>
/// <param name="Work">What ran, by sequence and release.</param>
/// <param name="New">Claims against the product or one board whose first failure fell into the night.</param>
/// <param name="Changed">Older ones whose rate changed in it.</param>
/// <param name="Again">Older ones that failed again, neither new nor changed.</param>
/// <param name="Hands">Boards that need hands, one action each.</param>
/// <param name="Lost">Time that the rig cost, by place.</param>
/// <param name="Goals">Campaigns and sign-offs that are open or were decided in it.</param>
/// <param name="IsCut">There were more runs than a report counts; the oldest are left out.</param>
public sealed record NightReport(
    DateOnly Date,
    string Zone,
    DateTimeOffset From,
    DateTimeOffset To,
    DateTimeOffset AsOf,
    int Runs,
    int Running,
    int Boards,
    Rate Cycles,
    long Voided,
    IReadOnlyList<NightWork> Work,
    IReadOnlyList<Flag> New,
    IReadOnlyList<Flag> Changed,
    IReadOnlyList<Flag> Again,
    IReadOnlyList<HandsNeeded> Hands,
    IReadOnlyList<LostTime> Lost,
    IReadOnlyList<NightGoal> Goals,
    bool IsCut)
{
    /// <summary>Whether somebody has to be told: something ran, or a board waits.</summary>
    public bool IsWorthTelling => Runs > 0 || Hands.Count > 0;

    /// <summary>All time that the rig cost and that is known.</summary>
    public TimeSpan LostInAll => TimeSpan.FromTicks(Lost.Sum(lost => lost.Time?.Ticks ?? 0));

    /// <summary>The whole in one sentence, for a message.</summary>
    public string Sentence => FormattableString.Invariant(
        $"Night of {Date:yyyy-MM-dd}: {Count(Runs, "run")} on {Count(Boards, "board")}, {Cycles.Failures:N0} of {Cycles.Trials:N0} cycles failed; {Count(New.Count, "new flag")}, {Changed.Count} changed; {Count(Hands.Count, "board")} to look at; {LostInAll.TotalHours:0.0} h lost to the rig.");

    private static string Count(int number, string one) => FormattableString.Invariant($"{number:N0} {one}{(number == 1 ? "" : "s")}");
}

/// <param name="Runs">That had cycles in the night, repetitions of failed cycles apart.</param>
/// <param name="Cycles">Failed of the cycles that count.</param>
public sealed record NightWork(string Sequence, string Release, int Runs, int Running, Rate Cycles, long Voided, IReadOnlyList<string> Places);

/// <param name="Why">What is wrong with the board or its agent.</param>
/// <param name="Action">The one thing to do.</param>
public sealed record HandsNeeded(string Place, string Why, string Action);

/// <param name="Because">What cost it, in words.</param>
/// <param name="At">Since when.</param>
/// <param name="Time">How long; null where nobody knows whether the place was wanted again.</param>
/// <param name="RunId">The run that tells.</param>
public sealed record LostTime(string Place, string Because, DateTimeOffset At, TimeSpan? Time, string RunId);

/// <summary>A campaign or a sign-off as the morning sees it.</summary>
/// <param name="Kind"><c>campaign</c> or <c>sign-off</c>.</param>
/// <param name="Id">The campaign's id, or the release.</param>
/// <param name="State">In one word.</param>
/// <param name="Sentence">Where it stands.</param>
public sealed record NightGoal(string Kind, string Id, string Name, string State, long Done, long Target, string Sentence);

/// <summary>Where pages, API, command line and webhook get the report from.</summary>
public interface INightReader
{
    Task<NightReport> ReadNightAsync(Night night, CancellationToken cancellationToken);
}
