using HilRig.Agent.Bootloader;
using HilRig.Agent.Places;
using HilRig.Agent.Steps;
using HilRig.Model.Runs;
using HilRig.Model.Sequences;

namespace HilRig.Agent.Running;

/// <summary>From a plan to a running run: binds the steps, opens the bench, identifies the board, writes RunStarted.</summary>
public static class RunOpening
{
    /// <summary>
    /// Runs <paramref name="plan"/> into <paramref name="journal"/>. Bad input throws before anything is written;
    /// a rig that cannot be opened ends the journal with <see cref="EndReason.RigLost"/>, a place whose board is wedged with
    /// <see cref="EndReason.Refused"/>.
    /// </summary>
    public static async Task<Verdict> RunAsync(RunPlan plan, RunJournal journal, string agent, RunControl control, TimeProvider time, CancellationToken cancellationToken)
    {
        using var now = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, control.Now);
        cancellationToken = now.Token;
        var steps = StepBinder.BindAll(plan.Variants, plan.Place, plan.Images);
        try
        {
            if (plan.Purpose == RunPurpose.Test && new WedgeMarkers(plan.Data.Wedged).Find(plan.Place.Name) is { } wedge)
                throw new WedgedPlaceException(wedge);
            await using var bench = await Bench.OpenAsync(plan.Place, plan.Images.For(plan.Variants.Usual), time, cancellationToken);
            bench.Operator = control.Operator;
            var notices = plan.From.Started is null ? plan.Images.Warnings.Select(warning => new RigNotice("image", warning)).ToList() : [];
            var identity = await IdentifyAsync(bench, notices, cancellationToken);
            Begin(plan, journal, agent, identity);
            foreach (var notice in notices)
                journal.Append(notice);
            return await new SequenceRunner(plan, bench, steps, journal, control).RunAsync(cancellationToken);
        }
        catch (Exception exception) when (!journal.HasEnded)
        {
            return EndEarly(plan, journal, agent, exception, cancellationToken);
        }
    }

    /// <summary>A board that does not say who it is has witnesses like any other.</summary>
    private static async Task<BoardIdentity> IdentifyAsync(Bench bench, List<RigNotice> notices, CancellationToken cancellationToken)
    {
        try
        {
            return await Policies.Identification(exception => notices.Add(new RigNotice("serial", $"the board was asked again who it is: {exception.Message}")))
                .ExecuteAsync(async token => await bench.IdentifyAsync(token), cancellationToken);
        }
        catch (Exception exception) when (exception is LinkSilenceException or LinkProtocolException or BootloaderStatusException)
        {
            using var patience = new CancellationTokenSource(Policies.WitnessDeadline, bench.Time);
            throw new UnknownBoardException(Judgement.Of(exception, await WitnessReport.AskAsync(bench, exception, [], patience.Token)), exception);
        }
    }

    private static void Begin(RunPlan plan, RunJournal journal, string agent, BoardIdentity identity)
    {
        if (plan.From.Started is not { } before)
        {
            journal.Append(Started(plan, agent, identity));
            return;
        }
        if (before.BoardId != identity.BoardId)
            throw new RigException("serial", $"place {plan.Place.Name}: run {plan.RunId} began on the board {before.BoardId}, now {identity.BoardId} answers; put the first one back, or order a new run");
        journal.Append(new RunResumed(plan.From.NextCycle, plan.From.Because));
        if (plan.From.NewlyParked() is { } parked)
            journal.Append(parked);
    }

    private static Verdict EndEarly(RunPlan plan, RunJournal journal, string agent, Exception exception, CancellationToken cancellationToken)
    {
        if (journal.LastNumber == 0)
            journal.Append(Started(plan, agent, new BoardIdentity("unknown", "unknown", "")));
        var isStopped = exception is OperationCanceledException && cancellationToken.IsCancellationRequested;
        var judgement = (exception as UnknownBoardException)?.Judgement ?? Judgement.Of(exception, WitnessReport.NotAsked);
        var ended = isStopped
            ? new RunEnded(Verdict.Aborted, EndReason.Aborted, "stopped by request")
            : new RunEnded(judgement.Verdict, ReasonOf(exception, judgement), judgement.Failure.Message) { Part = judgement.Layer is Layer.Rig ? judgement.Failure.Operation : null };
        journal.Append(ended);
        return ended.Verdict;
    }

    private static EndReason ReasonOf(Exception exception, Judgement judgement) => exception switch
    {
        JournalException => EndReason.DiskFull,
        WedgedPlaceException => EndReason.Refused,
        _ when judgement.Layer == Layer.Product => EndReason.BoardWedged,
        _ => EndReason.RigLost,
    };

    private static RunStarted Started(RunPlan plan, string agent, BoardIdentity identity) => new(
        plan.Sequence.Name,
        Digest.OfText(plan.Sequence.Text),
        plan.Release ?? Release(identity),
        identity.BootloaderDigest,
        plan.Place.Name,
        plan.Place.Board.Name,
        identity.BoardId,
        agent,
        plan.Images.Name,
        plan.Images.Digest,
        plan.Cycles,
        plan.Seed,
        Versions.Present)
    {
        RerunOf = plan.RerunOf,
        Hub = plan.Place.Hub,
    };

    /// <summary>The reported version alone would call two builds one release; four bytes of the digest tell them apart.</summary>
    private static string Release(BoardIdentity identity) =>
        identity.BootloaderDigest.Length < 8 ? identity.BootloaderVersion : $"{identity.BootloaderVersion}+{identity.BootloaderDigest[..8]}";
}

/// <summary>Serial line and probe are there, and the board would not say who it is.</summary>
internal sealed class UnknownBoardException(Judgement judgement, Exception inner) : Exception(inner.Message, inner)
{
    public Judgement Judgement { get; } = judgement;
}
