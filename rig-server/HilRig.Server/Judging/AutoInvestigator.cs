using System.Collections.Concurrent;
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
/// Follows a new flag of the product by itself, as far as the operator allows: the same sequence once more, on another board, on
/// the release before and on a virtual board; then the reproducer and the experiment that confirms it.
/// </summary>
/// <remarks>
/// It keeps nothing: the runs' names tell what they are for, so that a restart goes on, and nothing is ordered twice. Which
/// place is what, its tags say: <c>virtual</c>, <c>release-before</c>; any other of the same board type is another board.
/// </remarks>
public sealed class AutoInvestigator(ServerOptions options, FlagBook flags, IRunStore runs, Dispatcher dispatcher, AgentRegistry agents, RunFeed feed, TimeProvider time, ILogger<AutoInvestigator> log) : BackgroundService
{
    private const string Prefix = "auto-";
    private const int Cycles = 20;
    private const int ReproducerBudget = 150;
    private const int MostEvents = 200_000;
    private static readonly TimeSpan AtMostEvery = TimeSpan.FromSeconds(2);
    private readonly DateTimeOffset started = time.GetUtcNow();
    private readonly ConcurrentDictionary<string, InvestigationReport> reports = [];

    /// <summary>What is known so far, by flag.</summary>
    public IReadOnlyList<InvestigationReport> Reports => [.. reports.Values.OrderBy(report => report.FlagId, StringComparer.Ordinal)];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.AutoInvestigate is AutoInvestigate.Off)
            return;
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
            await Task.Delay(AtMostEvery, time, stoppingToken);
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        foreach (var flag in flags.Read().Where(flag => (flag.IsProduct || flag.Class is FlagClass.BoardSpecific) && !IsOver(flag)))
        {
            if (await OriginOfAsync(flag, cancellationToken) is { } origin)
                reports[flag.Id] = await FollowAsync(flag, origin, cancellationToken);
        }
    }

    private bool IsOver(Flag flag) =>
        reports.TryGetValue(flag.Id, out var report) && report.Blame is not null && (options.AutoInvestigate is AutoInvestigate.Whose || report.Proof.Count > 0);

    /// <summary>
    /// The order to repeat: its own, once it has begun; else the one whose run showed the failure. Null for what was over before
    /// anybody allowed this, for what it ordered itself, and for a run that this server did not order.
    /// </summary>
    private async Task<RunOrder?> OriginOfAsync(Flag flag, CancellationToken cancellationToken)
    {
        if (await dispatcher.FindOrderAsync(NameOf(flag, "here"), cancellationToken) is { } begun)
            return begun.Order;
        // What other places say may make it one board's meanwhile: then it is still followed to its end, but not begun.
        if (!flag.IsProduct || flag.LastSeen < started || await runs.FindFailuresAsync(flag.Release, flag.Sequence, flag.Fingerprint, Layer.Product, 1, cancellationToken) is not [var failure] || failure.RunId.StartsWith(Prefix, StringComparison.Ordinal))
            return null;
        return (await dispatcher.FindOrderAsync(failure.RunId, cancellationToken))?.Order;
    }

    private async Task<InvestigationReport> FollowAsync(Flag flag, RunOrder origin, CancellationToken cancellationToken)
    {
        var counts = new List<InvestigationCount>();
        var waiting = false;
        foreach (var (arm, free) in ArmsOf(origin.Place))
        {
            // Where it was once ordered, it stays, whoever comes and goes meanwhile.
            var place = (await dispatcher.FindOrderAsync(NameOf(flag, arm), cancellationToken))?.Order.Place ?? free;
            var order = origin with { RunId = NameOf(flag, arm), Epoch = 0, Place = place, Cycles = Cycles, Release = arm is "here" or "other-board" ? origin.Release : null };
            if (await EndedAsync(order, cancellationToken) is not { } events)
                waiting = true;
            else if (CycleOutcomes.Of(events, flag.Fingerprint) is { Counted: > 0 } outcomes)
                counts.Add(new InvestigationCount(arm, place, order.RunId, outcomes.Failures, outcomes.Counted));
        }
        if (waiting || counts.Find(count => count.Arm == "here") is not { } here)
            return new InvestigationReport(flag.Id, counts, waiting ? null : Layer.Undetermined, waiting ? "runs are waited for" : "the place of the failure could not tell", null, []);
        var verdict = Investigation.Of(ArmOf(here)!, ArmOf(counts.Find(count => count.Arm == "other-board")), ArmOf(counts.Find(count => count.Arm == "release-before")), ArmOf(counts.Find(count => count.Arm == "virtual-board")));
        var report = new InvestigationReport(flag.Id, counts, verdict.Blame, verdict.Reason, null, []);
        return options.AutoInvestigate is AutoInvestigate.Confirm ? await ReproduceAsync(flag, origin, report, cancellationToken) : report;
    }

    /// <summary>One run after the other: which comes next depends on what the last one said.</summary>
    private async Task<InvestigationReport> ReproduceAsync(Flag flag, RunOrder origin, InvestigationReport report, CancellationToken cancellationToken)
    {
        var here = await runs.ReadEventsAsync(report.Arms[0].RunId, 0, MostEvents, cancellationToken);
        if (FailingCycle.Find(here, flag.Fingerprint) is not { } failing)
            return report with { Proof = ["not seen again, so there is nothing to cut down"] };
        var reduction = new Reduction(failing, flag, switchesPower: true, ReproducerBudget);
        for (var number = 1; reduction.Next() is { } run; number++)
        {
            var order = origin with { RunId = NameOf(flag, $"try-{number}"), Epoch = 0, Place = report.Arms[0].Place, SequenceName = "candidate.yaml", Sequence = run.Text, Cycles = run.Cycles, Seed = run.Seed };
            if (await EndedAsync(order, cancellationToken) is not { } events)
                return report;
            reduction.Record(run, reduction.OutcomesOf(run, [(run.Seed, events)]));
        }
        return reduction.Result is { } found
            ? report with { Reproducer = reduction.ToSequence(found), Proof = [$"{found.Sentence}: {reduction.Words(found.Kept)}, {failing.Failing}", .. found.Confirmation is { } confirmation ? [confirmation] : Array.Empty<string>(), .. reduction.Discriminate(found)] }
            : report with { Proof = [$"not reproduced within {ReproducerBudget} cycles"] };
    }

    /// <summary>The run's events once it is over; orders it where it is not known yet.</summary>
    private async Task<IReadOnlyList<RunEvent>?> EndedAsync(RunOrder order, CancellationToken cancellationToken)
    {
        if (await dispatcher.FindOrderAsync(order.RunId, cancellationToken) is not { } known)
        {
            await dispatcher.EnqueueAsync(order, new OrderTerms(), "auto-investigate", cancellationToken);
            return null;
        }
        return known.State is OrderState.Ended or OrderState.Lost or OrderState.Cancelled ? await runs.ReadEventsAsync(order.RunId, 0, MostEvents, cancellationToken) : null;
    }

    private IEnumerable<(string Arm, string Place)> ArmsOf(string here)
    {
        var places = agents.All.SelectMany(agent => agent.Places).OrderBy(place => place.Name, StringComparer.Ordinal).ToList();
        var boardType = places.Find(place => place.Name == here)?.BoardType;
        yield return ("here", here);
        if (places.Find(place => IsOther(place) && !place.Tags.Contains("virtual") && !place.Tags.Contains("release-before")) is { } other)
            yield return ("other-board", other.Name);
        if (places.Find(place => IsOther(place) && place.Tags.Contains("release-before")) is { } before)
            yield return ("release-before", before.Name);
        if (places.Find(place => IsOther(place) && place.Tags.Contains("virtual")) is { } model)
            yield return ("virtual-board", model.Name);

        bool IsOther(PlaceInfo place) => place.Name != here && place.BoardType == boardType;
    }

    private static InvestigationArm? ArmOf(InvestigationCount? count) => count is null ? null : new InvestigationArm(count.Failures, count.Cycles);

    private static string NameOf(Flag flag, string arm) => $"{Prefix}{flag.Id}-{arm}";
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
