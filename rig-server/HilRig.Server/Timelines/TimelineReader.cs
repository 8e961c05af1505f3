using HilRig.Model.Runs;
using HilRig.Server.Storage;

namespace HilRig.Server.Timelines;

/// <summary>
/// A stretch of a run for a screen. As long as it holds few events, they are shown one by one with what was captured at the failures
/// among them; more are folded by the database, so that a run of a million events costs no more than a screen full.
/// </summary>
public sealed class TimelineReader(TimelineStore store, IRunStore runs, ArtifactStore artifacts)
{
    private const int MostEvents = 1500;
    private const int MostFolds = 600;
    private const int EventsOfCycle = 200;

    /// <summary>What reaches into a stretch is told by events behind it: the step's end, and the failure whose capture goes back so far.</summary>
    private const int EventsBehind = 60;

    /// <summary>And by those before it: the step's start.</summary>
    private const int EventsBefore = 20;

    public async Task<RunTimeline?> ReadAsync(string runId, long? from, long? to, CancellationToken cancellationToken)
    {
        if (await runs.FindRunAsync(runId, cancellationToken) is not { } run)
            return null;
        var clock = new RunClock(run.StartedAt);
        var end = Math.Max(1, clock.Of(run.LastEventAt));
        var begin = Math.Clamp(from ?? 0, 0, end - 1);
        var until = Math.Clamp(to ?? end, begin + 1, end);
        if (await store.FindAsync(runId, clock.At(begin), clock.At(until), cancellationToken) is not { } stretch)
            return null;
        var isFolded = !stretch.HasEvents || stretch.Events > MostEvents;
        var lanes = isFolded
            ? FoldedLanes.Of(await store.FoldAsync(stretch, MostFolds, cancellationToken), clock, stretch.HasEvents)
            : await DetailedAsync(run, stretch, clock, begin, until, cancellationToken);
        return new RunTimeline(run.StartedAt, end, begin, until, stretch.Events, isFolded, await FirstFailureAsync(runId, stretch, clock, cancellationToken), lanes);
    }

    private async Task<IReadOnlyList<TimelineLane>> DetailedAsync(RunSummary run, TimelineStretch stretch, RunClock clock, long from, long to, CancellationToken cancellationToken)
    {
        var before = (int)Math.Min(stretch.First - 1, EventsBefore);
        var events = await runs.ReadEventsAsync(run.RunId, stretch.First - 1 - before, before + (int)stretch.Events + EventsBehind, cancellationToken);
        var marks = new LaneMarks(from, to);
        EventMarks.Add(events, run.LastNumber, clock, marks);
        await new CapturedMarks(artifacts).AddAsync(events, clock, marks, cancellationToken);
        return marks.ToLanes();
    }

    private async Task<TimelineMark?> FirstFailureAsync(string runId, TimelineStretch stretch, RunClock clock, CancellationToken cancellationToken)
    {
        if (!stretch.HasEvents || await store.FindFailingCycleAsync(stretch.RunKey, cancellationToken) is not { } number)
            return null;
        var cycle = await runs.ReadEventsAsync(runId, number - 1, EventsOfCycle, cancellationToken);
        return cycle.FirstOrDefault(runEvent => runEvent.Body is StepEnded { Verdict: > Verdict.Pass }) is { Body: StepEnded step } failing
            ? EventMarks.OfStep(cycle.LastOrDefault(before => before.Number < failing.Number && before.Body is StepStarted), failing, step, clock)
            : null;
    }
}

/// <summary>Moments as nanoseconds since a run's first event.</summary>
/// <param name="Start">The run's first event.</param>
public readonly record struct RunClock(DateTimeOffset Start)
{
    private const int NanosecondsInTick = 100;

    public long Of(DateTimeOffset at) => (at - Start).Ticks * NanosecondsInTick;

    public DateTimeOffset At(long nanoseconds) => Start.AddTicks(nanoseconds / NanosecondsInTick);
}
