using System.Text.Json.Serialization;
using HilRig.Model;
using HilRig.Model.Campaigns;
using HilRig.Server.Api;
using HilRig.Server.Storage;

namespace HilRig.Server.Campaigns;

/// <summary>What a person or machine asks for with <c>POST /api/v1/campaigns</c>: either <paramref name="Limit"/> for a claim, or <paramref name="Runs"/>.</summary>
/// <param name="Name">For people.</param>
/// <param name="Sequence">The sequence file's text.</param>
/// <param name="SequenceName">The file's name, for messages.</param>
/// <param name="Board">Board type of the places that take part.</param>
/// <param name="Tags">Tags that they must have, all of them.</param>
/// <param name="Limit">The failure probability of a cycle to be excluded: 0.001.</param>
/// <param name="Confidence">Of that claim.</param>
/// <param name="AllowedFailures">Failed cycles that the goal allows; none for a claim, any number for runs, where it is missing.</param>
/// <param name="Runs">Runs to be completed.</param>
/// <param name="Boards">Boards that are needed; each does its share at most.</param>
/// <param name="CyclesPerRun">Length of each run.</param>
/// <param name="Priority">-100 to 100; higher ones first.</param>
/// <param name="Schedule">Hours in which it may run.</param>
/// <param name="ImageName">File name of the image; required where there is one.</param>
/// <param name="Image">The image itself in base64, or else its digest.</param>
/// <param name="ImageDigest">SHA-256 in hex of an image that the server already holds.</param>
/// <param name="Release">Name of the bootloader release under test.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CampaignRequest(
    string Name,
    string Sequence,
    string SequenceName,
    string Board,
    IReadOnlyList<string>? Tags = null,
    double? Limit = null,
    double Confidence = 0.95,
    int? AllowedFailures = null,
    int? Runs = null,
    int Boards = 1,
    int CyclesPerRun = 100,
    int Priority = 0,
    ScheduleRequest? Schedule = null,
    string? ImageName = null,
    string? Image = null,
    string? ImageDigest = null,
    string? Release = null)
{
    private const int LongestName = 100;
    private const double LeastLimit = 1e-7;
    private const int MostRuns = 100_000;
    private const int MostBoards = 1000;

    /// <summary>The plan that this asks for, its image stored. Throws <see cref="BadInputException"/> that names the field, or the sequence's line.</summary>
    public async Task<CampaignPlan> ToPlanAsync(DateTimeOffset now, ArtifactStore artifacts, CancellationToken cancellationToken)
    {
        Require(!string.IsNullOrWhiteSpace(Name) && Name.Length <= LongestName, $"name: give it 1 to {LongestName} characters");
        Require(Limit is null != Runs is null, "limit: give either the failure probability to exclude, or runs");
        Require(Limit is null or (>= LeastLimit and < 1), $"limit: {Limit} is out of range; {LeastLimit} to 1 are possible");
        Require(Confidence is > 0.5 and < 1, $"confidence: {Confidence} is out of range; above 0.5 and below 1 are possible");
        Require(Runs is null or (>= 1 and <= MostRuns), $"runs: {Runs} is out of range; 1 to {MostRuns} are possible");
        Require(AllowedFailures is null or (>= 0 and <= 1000), $"allowedFailures: {AllowedFailures} is out of range; 0 to 1000 are possible");
        Require(Boards is >= 1 and <= MostBoards, $"boards: {Boards} is out of range; 1 to {MostBoards} are possible");
        var run = new RunRequest(Sequence, SequenceName, null, ImageName, Image, ImageDigest, null, 0, Release, Board, Tags, Priority);
        Require(CyclesPerRun is >= 1 and <= 100_000, $"cyclesPerRun: {CyclesPerRun} is out of range; 1 to 100000 are possible");
        run.ToTerms(now);
        var schedule = Schedule?.ToSchedule();
        var order = await run.ToOrderAsync("", artifacts, cancellationToken);
        return new CampaignPlan(
            Name.Trim(), new CampaignGoal(Limit, Confidence, Runs, AllowedFailures), SequenceName, order.Sequence, order.ImageName, order.ImageDigest, Release,
            Board, Tags ?? [], Boards, CyclesPerRun, schedule);
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
            throw new BadInputException(otherwise);
    }
}

/// <summary>Hours of local time.</summary>
/// <param name="Zone">IANA's name of the time zone.</param>
/// <param name="From">HH:mm.</param>
/// <param name="To">HH:mm: the stop time.</param>
/// <param name="Days">Days of the week on which it opens; every day where it is missing.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ScheduleRequest(string Zone, string From, string To, IReadOnlyList<DayOfWeek>? Days = null)
{
    /// <summary>Throws <see cref="BadInputException"/> that names the field.</summary>
    public Schedule ToSchedule() => new Schedule(Zone, From, To, [.. (Days ?? []).Distinct().Order()]).Checked("schedule");
}
