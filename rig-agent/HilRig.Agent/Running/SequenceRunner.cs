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
public sealed class SequenceRunner(RunPlan plan, Bench bench, IReadOnlyDictionary<StepCall, BoundStep> steps, RunJournal journal)
{
    private const int SetupCycle = 0;

    private readonly Examination examination = new(bench, new EvidenceStore(plan.Data.Evidence, plan.RunId));

    /// <summary>The last climb of the recovery ladder.</summary>
    private readonly List<StepEnded> rungs = [];

    private Verdict worst;

    /// <summary>Runs all cycles; <paramref name="cancellationToken"/> stops after the step it is in. Ends the journal with RunEnded, whatever happens.</summary>
    public async Task<Verdict> RunAsync(CancellationToken cancellationToken)
    {
        Take(plan.Variants.Usual);
        var (reason, message) = await RunCyclesAsync(cancellationToken);
        Take(plan.Variants.Usual);
        worst = worst.Worst(await RunCycleAsync(SetupCycle, StepPhase.Cleanup, plan.Variants.Usual.Cleanup, CancellationToken.None));
        if (worst == Verdict.NotSet)
            worst = Verdict.Pass;
        journal.Append(new RunEnded(worst, reason, message));
        return worst;
    }

    private async Task<(EndReason Reason, string Message)> RunCyclesAsync(CancellationToken cancellationToken)
    {
        var setup = await RunCycleAsync(SetupCycle, StepPhase.Setup, plan.Variants.Usual.Setup, cancellationToken);
        worst = worst.Worst(setup);
        if (setup > Verdict.Pass)
            return setup == Verdict.Aborted ? Stopped() : (EndReason.RigLost, "the setup did not pass");

        for (var cycle = 1; cycle <= plan.Cycles; cycle++)
        {
            var variant = plan.Variants.ForCycle(plan.Seed, cycle);
            Take(variant);
            journal.Append(new CycleStarted(cycle));
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
        return (EndReason.Completed, $"{plan.Cycles} cycles");
    }

    private void Take(Variant variant) => bench.Take(plan.Images.For(variant), variant.Parameters);

    private (EndReason, string) NotRecovered(int cycle)
    {
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
            if (cancellationToken.IsCancellationRequested)
                return Verdict.Aborted;
            // Where the walk goes on after a failure, the next step still begins on a live link.
            if (ended is { Verdict: > Verdict.Pass } && !await RecoverAsync(cycle, cancellationToken))
                break;
            ended = await RunStepAsync(cycle, index, phase, steps[call], cancellationToken);
            if (ended.Verdict > verdict)
                (verdict, layer) = (ended.Verdict, ended.Layer);
        }
        if (phase == StepPhase.Steps)
            journal.Append(new CycleEnded(cycle, verdict == Verdict.NotSet ? Verdict.Pass : verdict, layer));
        return verdict;
    }

    private async Task<StepEnded> RunStepAsync(int cycle, int index, StepPhase phase, BoundStep step, CancellationToken cancellationToken)
    {
        journal.Append(new StepStarted(cycle, index, phase, step.Name, step.Arguments));
        var conditions = bench.History.Snapshot(step.Step.Conditions);
        var counters = bench.Bootloader.Counters;
        var restarts = bench.Probe.Restarts;
        var began = bench.Time.GetTimestamp();
        bench.Touched = null;
        Judgement? judgement = null;
        IReadOnlyList<EvidenceItem> evidence = [];
        var thrown = await TryAsync(step.Step, cancellationToken);
        var duration = bench.Time.GetElapsedTime(began);
        // Noted before the evidence is taken: its own packets are not the step's.
        var isMarginal = StepMeasurements.Note(bench, counters, restarts);
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
        journal.Append(ended);
        return ended;
    }

    private async Task<Exception?> TryAsync(IStep step, CancellationToken cancellationToken)
    {
        try
        {
            await step.ExecuteAsync(bench, cancellationToken);
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }

    private async Task<bool> RecoverAsync(int cycle, CancellationToken cancellationToken)
    {
        rungs.Clear();
        foreach (var (index, rung) in RecoveryLadder.For(bench).ToList().Index())
        {
            if (cancellationToken.IsCancellationRequested)
                return false;
            var ended = await RunStepAsync(cycle, index, StepPhase.Recovery, rung, cancellationToken);
            rungs.Add(ended);
            if (ended.Verdict == Verdict.Pass)
                return true;
        }
        return false;
    }
}
