using HilRig.Model.Runs;

namespace HilRig.Agent.Running;

/// <summary>A step as crashes are counted: wherever in the sequence it stands with these arguments.</summary>
public readonly record struct StepKey(StepPhase Phase, string Step, string Arguments);

/// <summary>What a journal that did not end says about where its run goes on.</summary>
/// <param name="Started">Null where the agent died before it knew the board: the run begins anew.</param>
/// <param name="NextCycle">The cycle after the last that began.</param>
/// <param name="OpenStep">The step that was being executed; null where the agent died between steps.</param>
/// <param name="Crashes">How often the agent died in a step, this time included.</param>
/// <param name="Worst">The worst verdict so far.</param>
public sealed record ResumePoint(
    RunStarted? Started,
    int NextCycle,
    StepKey? OpenStep,
    IReadOnlyDictionary<StepKey, int> Crashes,
    int BootNumber,
    Verdict Worst)
{
    /// <summary>From so many crashes on a step is parked.</summary>
    public const int CrashesToPark = 2;

    /// <summary>Where a run begins that no crash interrupted.</summary>
    public static ResumePoint Beginning { get; } = new(null, 1, null, new Dictionary<StepKey, int>(), 0, Verdict.NotSet);

    public string Because => OpenStep is { } step ? $"the agent died in `{step.Step}`" : "the agent died between two steps";

    public static ResumePoint Of(IEnumerable<RunEvent> events)
    {
        var crashes = new Dictionary<StepKey, int>();
        var point = Beginning;
        StepKey? open = null;
        foreach (var body in events.Select(runEvent => runEvent.Body))
        {
            switch (body)
            {
                case RunStarted started:
                    point = point with { Started = started };
                    break;
                case CycleStarted cycle:
                    point = point with { NextCycle = cycle.Cycle + 1 };
                    break;
                case StepStarted step:
                    open = new StepKey(step.Phase, step.Step, step.Arguments);
                    break;
                case StepEnded step:
                    open = null;
                    point = point with
                    {
                        BootNumber = step.Conditions.TryGetValue(ConditionVocabulary.BootNumber, out var boot) ? int.Parse(boot, System.Globalization.CultureInfo.InvariantCulture) : point.BootNumber,
                        // A cycle's steps count by their cycle, which may have gone on after one of them.
                        Worst = step.Phase is StepPhase.Setup or StepPhase.Cleanup ? point.Worst.Worst(step.Verdict) : point.Worst,
                    };
                    break;
                case CycleCutShort:
                    open = null;
                    break;
                case CycleEnded cycle:
                    point = point with { Worst = point.Worst.Worst(cycle.Verdict) };
                    break;
                case RunResumed:
                    Count(crashes, open);
                    open = null;
                    break;
            }
        }
        Count(crashes, open);
        return point with { OpenStep = open, Crashes = crashes };
    }

    /// <summary>True for a step that is not to be executed again.</summary>
    public bool IsParked(StepKey step) => Crashes.GetValueOrDefault(step) >= CrashesToPark;

    /// <summary>The step that this crash has parked, if it has.</summary>
    public StepParked? NewlyParked() =>
        OpenStep is { } step && Crashes[step] == CrashesToPark ? new StepParked(step.Phase, step.Step, step.Arguments, CrashesToPark) : null;

    private static void Count(Dictionary<StepKey, int> crashes, StepKey? open)
    {
        if (open is { } step)
            crashes[step] = crashes.GetValueOrDefault(step) + 1;
    }
}
