using HilRig.Agent.Places;
using HilRig.Agent.Steps;
using HilRig.Model.Runs;
using HilRig.Model.Sequences;

namespace HilRig.Agent.Running;

/// <summary>
/// Repeats the cycles of undetermined samples after a run's last cycle: on the same board, on another, on the reference. Each repetition is
/// a run of its own with a journal that is thrown away; what it came to stands in the run's own as <see cref="SampleAttributed"/>.
/// </summary>
public sealed class Discrimination(RunPlan plan, Bench bench, IReadOnlyDictionary<StepCall, BoundStep> steps, RunJournal journal)
{
    /// <summary>So many samples of a run are looked into; a line that is bad all night needs no more.</summary>
    private const int MaxSamples = 2;

    /// <summary>A failure that comes again alike proves it; that nothing comes takes more than one look.</summary>
    private const int Repetitions = 2;

    private readonly List<RunEvent> samples = [];

    /// <summary>Remembers a sample where it is undetermined.</summary>
    public void Consider(RunEvent sample)
    {
        if (plan.Purpose == RunPurpose.Test && samples.Count < MaxSamples && sample.Body is StepEnded { Phase: StepPhase.Steps, Layer: Layer.Undetermined })
            samples.Add(sample);
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var sample in samples)
        {
            var step = (StepEnded)sample.Body;
            var release = ((RunStarted)journal.ReadAfter(0, 1)[0].Body).ReleaseDigest;
            var reruns = new List<Rerun>();
            reruns.AddRange(await RepeatAsync(RerunArm.SameBoard, plan.Place, step, release, cancellationToken));
            reruns.AddRange(await RepeatAsync(RerunArm.OtherBoard, Spare(place => !place.IsReference), step, release, cancellationToken));
            reruns.AddRange(await RepeatAsync(RerunArm.Reference, Spare(place => place.IsReference), step, release, cancellationToken));
            if (cancellationToken.IsCancellationRequested)
                return;
            var (layer, because) = Attribution.Of(RerunReading.LineErrors(step), reruns);
            journal.Append(new SampleAttributed(sample.Number, step.Cycle, step.Step, layer, because, reruns));
        }
    }

    private Place? Spare(Func<Place, bool> isWanted) =>
        plan.Spares.Places.FirstOrDefault(place => place.Name != plan.Place.Name && place.Board.Name == plan.Place.Board.Name && isWanted(place));

    private async Task<IReadOnlyList<Rerun>> RepeatAsync(RerunArm arm, Place? place, StepEnded sample, string release, CancellationToken cancellationToken)
    {
        if (place is null)
            return [new Rerun(arm, "", false, RerunOutcome.NotAvailable, Layer.None, 0, "the places file has none")];
        using var taken = arm == RerunArm.SameBoard ? null : plan.Spares.TryTake(place);
        if (arm != RerunArm.SameBoard && taken is null)
            return [new Rerun(arm, place.Name, false, RerunOutcome.NotAvailable, Layer.None, 0, "it is in use")];
        var reruns = new List<Rerun>();
        while (reruns.Count < Repetitions && !reruns.Exists(rerun => rerun.Outcome == RerunOutcome.FailedAlike) && !cancellationToken.IsCancellationRequested)
            reruns.Add(await OnceAsync(arm, place, sample, release, cancellationToken));
        return reruns;
    }

    private async Task<Rerun> OnceAsync(RerunArm arm, Place place, StepEnded sample, string release, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("hilrig-rerun-").FullName;
        var again = plan with
        {
            Place = place,
            Cycles = sample.Cycle,
            From = ResumePoint.Beginning with { NextCycle = sample.Cycle },
            Purpose = RunPurpose.Rerun,
            Data = new StateFolder(folder) { KeepFree = plan.Data.KeepFree },
        };
        try
        {
            using var scratch = RunJournal.Create(folder, plan.RunId, bench.Time);
            using var control = new RunControl();
            if (arm == RerunArm.SameBoard)
                await new SequenceRunner(again, bench, steps, scratch, control).RunAsync(cancellationToken);
            else
                await RunOpening.RunAsync(again, scratch, "", control, bench.Time, cancellationToken);
            var bodies = scratch.ReadAfter(0, int.MaxValue).Select(runEvent => runEvent.Body).ToList();
            return RerunReading.Of(arm, place.Name, sample, bodies, arm == RerunArm.SameBoard || bodies.OfType<RunStarted>().First().ReleaseDigest == release);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
