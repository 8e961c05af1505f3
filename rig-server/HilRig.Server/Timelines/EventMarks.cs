using System.Globalization;
using HilRig.Model.Runs;

namespace HilRig.Server.Timelines;

/// <summary>Events as marks: steps on the agent's lane, notices and what was counted on the lane of their subject.</summary>
internal static class EventMarks
{
    /// <summary>What a step counted on the line when something was not right at once.</summary>
    private static readonly string[] OfTheLine =
        ["resends", "naks-received", "naks-sent", "bad-crcs", "truncated-frames", "skipped-bytes", "extra-pings", "missing-acks", "unsolicited-packets", "framing-errors", "overruns", "breaks"];

    /// <param name="last">Number of the run's last event: only what began there is still going on.</param>
    public static void Add(IReadOnlyList<RunEvent> events, long last, RunClock clock, LaneMarks lanes)
    {
        foreach (var runEvent in events)
        {
            var at = clock.Of(runEvent.At);
            switch (runEvent.Body)
            {
                case StepEnded step:
                    lanes.Add(LaneMarks.Agent, OfStep(runEvent, step, clock));
                    AddMeasured(runEvent, step, clock, lanes);
                    break;
                case StepStarted started when runEvent.Number == last:
                    lanes.Add(LaneMarks.Agent, new TimelineMark(at, at, TimelineTone.Plain, $"{started.Step} {started.Arguments} (begun)") { Number = runEvent.Number, Cycle = started.Cycle });
                    break;
                case RigNotice notice:
                    lanes.Add(LaneOf(notice.Subject), Moment(runEvent, at, TimelineTone.Rig, $"{notice.Subject}: {notice.Message}"));
                    break;
                case CycleCutShort cut:
                    lanes.Add(LaneMarks.Agent, Moment(runEvent, at, TimelineTone.Stopped, $"cycle {cut.Cycle} cut short: {cut.Because}"));
                    break;
                case RunResumed resumed:
                    lanes.Add(LaneMarks.Agent, Moment(runEvent, at, TimelineTone.Rig, $"resumed at cycle {resumed.NextCycle}: {resumed.Because}"));
                    break;
                case RunEnded ended:
                    lanes.Add(LaneMarks.Agent, Moment(runEvent, at, ToneOf(ended.Verdict), $"run ended: {ended.Message}"));
                    break;
            }
        }
    }

    public static TimelineMark OfStep(RunEvent runEvent, StepEnded step, RunClock clock)
    {
        var until = clock.Of(runEvent.At);
        var phase = step.Phase is StepPhase.Steps ? $"cycle {step.Cycle}" : step.Phase.ToString().ToLowerInvariant();
        return new TimelineMark(
            until - (long)(step.DurationMs * 1_000_000), until, ToneOf(step.Verdict),
            $"{phase}: {step.Step} {step.Arguments}{(step.Failure is { } failure ? $" — {failure.Message}" : "")}") { Number = runEvent.Number, Cycle = step.Cycle };
    }

    private static void AddMeasured(RunEvent runEvent, StepEnded step, RunClock clock, LaneMarks lanes)
    {
        var counted = OfTheLine.Where(step.Measurements.ContainsKey).Select(name => string.Create(CultureInfo.InvariantCulture, $"{name} {step.Measurements[name]:0}")).ToList();
        if (counted.Count > 0)
            lanes.Add(LaneMarks.Serial, OfStep(runEvent, step, clock) with { Tone = TimelineTone.Rig, Text = $"during {step.Step}: {string.Join(", ", counted)}" });
        if (step.Measurements.TryGetValue("probe-restarts", out var restarts))
            lanes.Add(LaneMarks.Swd, OfStep(runEvent, step, clock) with { Tone = TimelineTone.Rig, Text = string.Create(CultureInfo.InvariantCulture, $"during {step.Step}: pyOCD restarted {restarts:0} times") });
        foreach (var (kind, lane) in new[] { (EvidenceKinds.Supply, LaneMarks.Power), (EvidenceKinds.Witnesses, LaneMarks.Core) })
        {
            if (step.Evidence.FirstOrDefault(item => item.Kind == kind && item.Missing is null) is { } said)
                lanes.Add(lane, Moment(runEvent, clock.Of(runEvent.At), TimelineTone.Plain, said.Text));
        }
    }

    private static TimelineMark Moment(RunEvent runEvent, long at, TimelineTone tone, string text) => new(at, at, tone, text) { Number = runEvent.Number };

    private static string LaneOf(string subject) => subject switch
    {
        "probe" => LaneMarks.Swd,
        "serial" => LaneMarks.Serial,
        "power" => LaneMarks.Power,
        _ => LaneMarks.Agent,
    };

    private static TimelineTone ToneOf(Verdict verdict) => verdict switch
    {
        Verdict.Pass => TimelineTone.Pass,
        Verdict.Fail => TimelineTone.Fail,
        Verdict.Error => TimelineTone.Rig,
        Verdict.Inconclusive => TimelineTone.Unclear,
        Verdict.Aborted => TimelineTone.Stopped,
        _ => TimelineTone.Plain,
    };
}
