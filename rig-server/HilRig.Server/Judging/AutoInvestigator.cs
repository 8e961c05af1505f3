using System.Collections.Concurrent;
using HilRig.Analysis.Rates;
using HilRig.Analysis.Reproducers;
using HilRig.Model;
using HilRig.Model.Flags;
using HilRig.Model.Rig;
using HilRig.Model.Runs;
using HilRig.Server.Agents;
using HilRig.Server.Dispatch;
using HilRig.Server.Feed;
using HilRig.Server.Storage;

namespace HilRig.Server.Judging;

/// <summary>
/// Follows a new flag of the product by itself, as far as the operator allows, and any flag that somebody asked about: the same sequence once more, on another board, on
/// the release before and on a virtual board; then the reproducer and the experiment that confirms it.
/// </summary>
/// <remarks>
/// It keeps nothing: the runs' names tell what they are for, so that a restart goes on, nothing is ordered twice, and what was
/// found can be read where nothing new is allowed. Which place is what, its tags say: <c>virtual</c>, <c>release-before</c>; any
/// other of the same board type is another board.
/// </remarks>
public sealed class AutoInvestigator(ServerOptions options, FlagBook flags, InvestigationRequests requests, IRunStore runs, IOrderStore places, Dispatcher dispatcher, AgentRegistry agents, RunFeed feed, TimeProvider time, ILogger<AutoInvestigator> log) : BackgroundService
{
    private const int Cycles = 20;
    private const int NewestFailures = 50;
    private static readonly string[] Arms = ["here", "other-board", "release-before", "virtual-board"];
    private readonly DateTimeOffset started = time.GetUtcNow();
    private readonly ConcurrentDictionary<string, InvestigationReport> reports = [];
    private readonly HashSet<string> unfollowed = [];
    private IReadOnlySet<string> asked = new HashSet<string>();

    /// <summary>What is known so far, by flag.</summary>
    public IReadOnlyList<InvestigationReport> Reports => [.. reports.Values.OrderBy(report => report.FlagId, StringComparer.Ordinal)];

    /// <summary>Follows a flag to its reproducer. Null, or why that cannot be.</summary>
    public async Task<string?> AskAsync(Flag flag, string by, CancellationToken cancellationToken)
    {
        if (!flag.IsAccusing)
            return $"{flag.Id} is {flag.Class.ToString().ToLowerInvariant()}: only what the product or one board answers for is followed";
        if (await OriginOfAsync(flag, isAsked: true, cancellationToken) is null)
            return $"{flag.Id}: this server ordered none of its newest failing runs, so it does not know what to repeat; `./rig reproduce` cuts down the events of a run";
        await requests.AskAsync(flag.Id, by, cancellationToken);
        feed.PingAll();
        return null;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await flags.Complete.WaitAsync(stoppingToken);
        using var listener = feed.Listen(null);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is System.Data.Common.DbException or TimeoutException or BadInputException)
            {
                Log.InvestigationFailed(log, exception);
            }
            await listener.WaitAsync(stoppingToken);
            await Task.Delay(options.InvestigatePause, time, stoppingToken);
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        asked = await requests.ListAsync(cancellationToken);
        foreach (var flag in flags.Read().Where(flag => flag.IsAccusing && !IsOver(flag)))
        {
            if (await OriginOfAsync(flag, asked.Contains(flag.Id), cancellationToken) is { } origin)
                reports[flag.Id] = await FollowAsync(flag, origin, cancellationToken);
            else if (LevelOf(flag) is AutoInvestigate.Off)
                unfollowed.Add(flag.Id);
        }
    }

    private AutoInvestigate LevelOf(Flag flag) => asked.Contains(flag.Id) ? AutoInvestigate.Confirm : options.AutoInvestigate;

    private bool IsOver(Flag flag) => (unfollowed.Contains(flag.Id) && LevelOf(flag) is AutoInvestigate.Off)
        || reports.TryGetValue(flag.Id, out var report) && report.Blame is not null && (LevelOf(flag) is not AutoInvestigate.Confirm || report.Proof.Count > 0);

    /// <summary>
    /// The order to repeat: its own, once it has begun; else the one whose run showed the failure. Null for what was over before
    /// anybody allowed this, for what it ordered itself, and for a run that this server did not order.
    /// </summary>
    private async Task<RunOrder?> OriginOfAsync(Flag flag, bool isAsked, CancellationToken cancellationToken)
    {
        var known = new InvestigationOrders(dispatcher, runs, allowed: false);
        if (await known.FindAsync(InvestigationRun.NameOf(flag.Id, "here"), cancellationToken) is { } begun)
            return begun;
        // What other places say may make it one board's meanwhile: then it is still followed to its end, but not begun.
        if (!isAsked && (options.AutoInvestigate is AutoInvestigate.Off || !flag.IsProduct || flag.LastSeen < started))
            return null;
        foreach (var failure in await runs.FindFailuresAsync(flag.Release, flag.Sequence, flag.Revision, flag.Fingerprint, Layer.Product, isAsked ? NewestFailures : 1, cancellationToken))
        {
            if (!failure.RunId.StartsWith(InvestigationRun.Prefix, StringComparison.Ordinal) && await known.FindAsync(failure.RunId, cancellationToken) is { } order)
                return order;
        }
        return null;
    }

    private async Task<InvestigationReport> FollowAsync(Flag flag, RunOrder origin, CancellationToken cancellationToken)
    {
        var orders = new InvestigationOrders(dispatcher, runs, LevelOf(flag) is not AutoInvestigate.Off);
        var tries = new InvestigationOrders(dispatcher, runs, LevelOf(flag) is AutoInvestigate.Confirm);
        var counts = new List<InvestigationCount>();
        var free = ArmsOf(origin.Place);
        // Its agent may only be late after a restart, and the others with it.
        var isAway = agents.FindByPlace(origin.Place) is null;
        var waiting = orders.Allowed && isAway;
        foreach (var arm in Arms)
        {
            var name = InvestigationRun.NameOf(flag.Id, arm);
            // Where it was once ordered, it stays, whoever comes and goes meanwhile.
            if (((await orders.FindAsync(name, cancellationToken))?.Place ?? (isAway || !orders.Allowed ? null : free.GetValueOrDefault(arm))) is not { } place)
                continue;
            var order = origin with { RunId = name, Epoch = 0, Place = place, Cycles = Cycles, Release = arm is "here" or "other-board" ? origin.Release : null };
            if (await orders.EndedAsync(order, cancellationToken) is not { } events)
                waiting = true;
            else if (CycleOutcomes.Of(events, flag.Fingerprint) is { Counted: > 0 } outcomes)
                counts.Add(new InvestigationCount(arm, place, order.RunId, Wilson.Rate(outcomes.Failures, outcomes.Counted)));
        }
        if (waiting || counts.Find(count => count.Arm == "here") is not { } here)
            return new InvestigationReport(flag.Id, counts, waiting ? null : Layer.Undetermined, waiting ? "runs are waited for" : "the place of the failure could not tell", null, []);
        var verdict = Investigation.Of(ArmOf(here)!, ArmOf(counts.Find(count => count.Arm == "other-board")), ArmOf(counts.Find(count => count.Arm == "release-before")), ArmOf(counts.Find(count => count.Arm == "virtual-board")));
        var report = new InvestigationReport(flag.Id, counts, verdict.Blame, verdict.Reason, null, []);
        var idle = (await places.ListPlacesAsync(cancellationToken)).Where(place => place.RunId is null && agents.FindByPlace(place.Name)?.OutOfRotation(place.Name) is null).Select(place => place.Name).ToList();
        return await new ServerReduction(flag, origin, report, tries, agents).GoOnAsync(idle, cancellationToken);
    }

    /// <summary>Connected places that each arm could have.</summary>
    private Dictionary<string, string> ArmsOf(string here)
    {
        var places = agents.All.SelectMany(agent => agent.Places).OrderBy(place => place.Name, StringComparer.Ordinal).ToList();
        var others = places.Where(place => place.Name != here && place.BoardType == places.Find(one => one.Name == here)?.BoardType).ToList();
        var arms = new Dictionary<string, string> { ["here"] = here };
        foreach (var place in others)
            arms.TryAdd(place.Tags.Contains("release-before") ? "release-before" : place.Tags.Contains("virtual") ? "virtual-board" : "other-board", place.Name);
        return arms;
    }

    private static InvestigationArm? ArmOf(InvestigationCount? count) => count is null ? null : new InvestigationArm(count.Failures, count.Cycles);
}

/// <summary>How far the server follows new flags by itself.</summary>
public enum AutoInvestigate
{
    /// <summary>Not at all.</summary>
    Off,

    /// <summary>Says whose a failure is, by runs elsewhere.</summary>
    Whose,

    /// <summary>Also cuts it down and confirms it, in up to 150 cycles.</summary>
    Confirm,
}
