using HilRig.Agent.Evidence;
using HilRig.Agent.Places;
using HilRig.Agent.Steps;
using HilRig.Model.Runs;
using HilRig.Model.Sequences;

namespace HilRig.Agent.Running;

/// <summary>
/// Executes a plan on an opened bench and writes what happens into the journal.
/// The only place where exceptions become verdicts.
/// </summary>
public sealed class SequenceRunner(RunPlan plan, Bench bench, IReadOnlyDictionary<StepCall, BoundStep> steps, RunJournal journal, RunControl? control = null)
{
    private const int SetupCycle = 0;

    private readonly RunControl control = control ?? new RunControl();
    private readonly Examination examination = new(bench, new EvidenceStore(plan.Data.Evidence, plan.RunId));

    private readonly Discrimination discrimination = new(plan, bench, steps, journal);

    /// <summary>The last climb of the recovery ladder.</summary>
    private readonly List<StepEnded> rungs = [];

    private Verdict worst = plan.From.Worst;

    /// <summary>
    /// Runs all cycles; <paramref name="cancellationToken"/> breaks off the step it is in. Cleans up, leaves the board safe and ends the
    /// journal with RunEnded, whatever happens; where the journal takes no more, the board is left safe all the same.
    /// </summary>
    public async Task<Verdict> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            bench.History.BootNumber = plan.From.BootNumber;
            return await RunToEndAsync(cancellationToken);
        }
        finally
        {
            await bench.LeaveSafeAsync();
        }
    }

    private async Task<Verdict> RunToEndAsync(CancellationToken cancellationToken)
    {
        Take(plan.Variants.Usual);
        var (reason, message) = await RunCyclesAsync(cancellationToken);
        bench.Manner = LineManner.Of(plan.Place);
        if (reason == EndReason.Completed)
            await discrimination.RunAsync(cancellationToken);
        bench.Manner = LineManner.Of(plan.Place);
        Take(plan.Variants.Usual);
        worst = worst.Worst(await RunCycleAsync(SetupCycle, StepPhase.Cleanup, plan.Variants.Usual.Cleanup, CancellationToken.None));
        if (worst == Verdict.NotSet)
            worst = Verdict.Pass;
        if (await bench.LeaveSafeAsync() is { } danger)
        {
            worst = worst.Worst(Verdict.Error);
            journal.Append(new RigNotice("power", danger));
        }
        journal.Append(new RunEnded(worst, reason, message));
        return worst;
    }

    private async Task<(EndReason Reason, string Message)> RunCyclesAsync(CancellationToken cancellationToken)
    {
        if (plan.From.NextCycle > plan.Cycles)
            return Completed();
        var setup = await RunCycleAsync(SetupCycle, StepPhase.Setup, plan.Variants.Usual.Setup, cancellationToken);
        worst = worst.Worst(setup);
        if (setup > Verdict.Pass)
            return setup == Verdict.Aborted ? Stopped() : (EndReason.RigLost, "the setup did not pass");

        for (var cycle = plan.From.NextCycle; cycle <= plan.Cycles; cycle++)
        {
            if (!journal.HasRoomFor(plan.Data.KeepFree))
                return OutOfRoom();
            var variant = plan.Variants.ForCycle(plan.Seed, cycle);
            Take(variant);
            journal.Note(new CycleStarted(cycle));
            var verdict = await RunCycleAsync(cycle, StepPhase.Steps, variant.Steps, cancellationToken);
            worst = worst.Worst(verdict);
            bench.History.CycleEnded(verdict);
            if (verdict == Verdict.Aborted)
                return Stopped();
            if (verdict > Verdict.Pass)
                await RunCycleAsync(cycle, StepPhase.OnFailure, variant.OnFailure, cancellationToken);
            if (verdict > Verdict.Pass && !await RecoverAsync(cycle, cancellationToken))
                return cancellationToken.IsCancellationRequested ? Stopped() : NotRecovered(cycle);
        }
        return Completed();
    }

    private (EndReason, string) Completed() => (EndReason.Completed, $"{plan.Cycles} cycles");

    private (EndReason, string) OutOfRoom()
    {
        worst = worst.Worst(Verdict.Error);
        return (EndReason.DiskFull, $"less than {plan.Data.KeepFree >> 20} MiB are left on the disk of {journal.RunId}'s journal; make room, or lower --keep-free");
    }

    private void Take(Variant variant) => bench.Take(plan.Images.For(variant), variant.Parameters);

    private (EndReason, string) NotRecovered(int cycle)
    {
        if (RecoveryLadder.HasReplacedRelease(rungs))
            return (EndReason.BoardWedged, $"after cycle {cycle} the board came back only with another bootloader ({rungs[^1].Arguments}): the release under test is no longer on it");
        var reason = RecoveryLadder.Conclude(rungs);
        var seen = $"no answer after cycle {cycle}; {RecoveryLadder.InWords(rungs)}";
        if (reason == EndReason.BoardWedged)
            new WedgeMarkers(plan.Data.Wedged).Mark(new Wedge(plan.Place.Name, plan.RunId, cycle, bench.Time.GetUtcNow(), bench.BoardId, seen));
        return (reason, $"the board did not come back: {seen}");
    }

    private (EndReason, string) Stopped()
    {
        worst = worst.Worst(Verdict.Aborted);
        return (EndReason.Aborted, "stopped by request");
    }

    private async Task<Verdict> RunCycleAsync(int cycle, StepPhase phase, IReadOnlyList<SequenceNode> nodes, CancellationToken cancellationToken)
    {
        var verdict = Verdict.NotSet;
        var layer = Layer.None;
        var walk = CycleWalk.Of(nodes, plan.Seed, cycle);
        StepEnded? ended = null;
        for (var index = 0; walk.Next(ended) is { } call; index++)
        {
            if (phase != StepPhase.Cleanup && await ShallStopAsync(cancellationToken))
                return Verdict.Aborted;
            // Where the walk goes on after a failure, the next step still begins on a live link.
            if (ended is { Verdict: > Verdict.Pass } && !await RecoverAsync(cycle, cancellationToken))
                break;
            ended = await RunStepAsync(cycle, index, phase, steps[call], cancellationToken);
            if (ended is null)
                return await LeaveCycleAsync(cycle, call.Name, cancellationToken);
            if (ended.Verdict > verdict)
                (verdict, layer) = (ended.Verdict, ended.Layer);
        }
        if (phase == StepPhase.Steps)
            journal.Note(new CycleEnded(cycle, verdict == Verdict.NotSet ? Verdict.Pass : verdict, layer));
        return verdict;
    }

    private async Task<bool> ShallStopAsync(CancellationToken cancellationToken)
    {
        await control.WaitWhilePausedAsync(word => journal.Append(new RigNotice("operator", word)), cancellationToken);
        return cancellationToken.IsCancellationRequested || control.Stopping.IsCancellationRequested;
    }

    /// <summary>The board is brought back, since the step may have been left in the middle of a packet.</summary>
    private async Task<Verdict> LeaveCycleAsync(int cycle, string step, CancellationToken cancellationToken)
    {
        journal.Append(new CycleCutShort(cycle, $"`{step}` was skipped by the operator"));
        return await RecoverAsync(cycle, cancellationToken) ? Verdict.NotSet : Verdict.Inconclusive;
    }

    /// <summary>Null for a step that a person skipped: it has no result.</summary>
    private async Task<StepEnded?> RunStepAsync(int cycle, int index, StepPhase phase, BoundStep step, CancellationToken cancellationToken)
    {
        journal.Append(new StepStarted(cycle, index, phase, step.Name, step.Arguments));
        var conditions = bench.History.Snapshot(step.Step.Conditions);
        var counters = bench.Bootloader.Counters;
        var restarts = bench.Probe.Restarts;
        var began = bench.Time.GetTimestamp();
        bench.Touched = null;
        bench.WritesOverUse = false;
        Judgement? judgement = null;
        IReadOnlyList<EvidenceItem> evidence = [];
        var thrown = await TryAsync(new StepKey(phase, step.Name, step.Arguments), step.Step, cancellationToken);
        var duration = bench.Time.GetElapsedTime(began);
        // Noted before the evidence is taken: its own packets are not the step's.
        var isMarginal = StepMeasurements.Note(bench, counters, restarts);
        if (control.TakeSkip() && thrown is OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            bench.TakeMeasurements();
            return null;
        }
        if (thrown is OperationCanceledException && cancellationToken.IsCancellationRequested)
        {
            judgement = new Judgement(Verdict.Aborted, Layer.None, new Failure("stop", "stopped", "", "stopped by request"));
        }
        else if (thrown is not null)
        {
            (judgement, evidence) = await examination.OfAsync(thrown, step.Step, cycle, index);
        }

        var ended = new StepEnded(
            cycle, index, phase, step.Name, step.Arguments,
            judgement?.Verdict ?? Verdict.Pass,
            judgement?.Layer ?? Layer.None,
            judgement?.Failure,
            duration.TotalMilliseconds,
            judgement is null && isMarginal,
            conditions,
            bench.TakeMeasurements(),
            [.. examination.Keep(bench.TakeAttachments(), cycle), .. evidence]);
        if (phase is not (StepPhase.OnFailure or StepPhase.Recovery))
            bench.History.StepEnded(step.Name, ended.Verdict);
        if (ended.Failure is null)
            journal.Note(ended);
        else
            discrimination.Consider(journal.Append(ended));
        return ended;
    }

    private async Task<Exception?> TryAsync(StepKey key, IStep step, CancellationToken cancellationToken)
    {
        if (plan.From.IsParked(key))
            return new RigException("agent", $"`{key.Step}` is parked: the agent died in it {plan.From.Crashes[key]} times; docs/operating.md says how to find out why");
        var limit = Policies.StepDeadline + step.Lasts;
        using var deadline = new CancellationTokenSource(limit, bench.Time);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, control.Skip, deadline.Token);
        try
        {
            await step.ExecuteAsync(bench, any.Token);
            return null;
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new RigException("agent", $"`{key.Step}` did not end within {limit.TotalMinutes:0} min, although each of its waits is shorter; please report it with this run's evidence");
        }
        catch (Exception exception)
        {
            return exception;
        }
    }

    /// <summary>A rate or a pause that a sequence tries must not make a board look wedged: the line is as usual meanwhile.</summary>
    private async Task<bool> RecoverAsync(int cycle, CancellationToken cancellationToken)
    {
        var manner = bench.Manner;
        bench.Manner = LineManner.Of(plan.Place);
        try
        {
            return await ClimbAsync(cycle, cancellationToken);
        }
        finally
        {
            bench.Manner = manner;
        }
    }

    private async Task<bool> ClimbAsync(int cycle, CancellationToken cancellationToken)
    {
        rungs.Clear();
        foreach (var (index, rung) in RecoveryLadder.For(bench).ToList().Index())
        {
            if (cancellationToken.IsCancellationRequested)
                return false;
            var ended = await RunStepAsync(cycle, index, StepPhase.Recovery, rung, cancellationToken);
            if (ended is null)
                continue;
            rungs.Add(ended);
            if (ended.Verdict == Verdict.Pass)
                return !RecoveryLadder.HasReplacedRelease(rungs);
        }
        return false;
    }
}
