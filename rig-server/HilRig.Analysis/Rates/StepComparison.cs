using HilRig.Model.Comparisons;
using HilRig.Model.Runs;

namespace HilRig.Analysis.Rates;

/// <summary>Two runs step by step: how long each kind took, and where they first went apart.</summary>
public static class StepComparison
{
    public static IReadOnlyList<StepTimes> Times(IEnumerable<RunEvent> a, IEnumerable<RunEvent> b)
    {
        var (ofA, ofB) = (Passes(a), Passes(b));
        return [.. ofA.Select(group => group.Key).Union(ofB.Select(group => group.Key)).Select(step => new StepTimes(step, ofA[step].Count(), Median(ofA[step]), ofB[step].Count(), Median(ofB[step])))];
    }

    /// <summary>The first step at which they did, or met, something else; null where one is only longer than the other.</summary>
    public static StepDifference? First(IEnumerable<RunEvent> a, IEnumerable<RunEvent> b)
    {
        foreach (var (inA, inB) in Steps(a).Zip(Steps(b)))
        {
            if (inA.Cycle != inB.Cycle || inA.Index != inB.Index || Describe(inA) != Describe(inB))
                return new StepDifference(inA.Cycle, inA.Index, Describe(inA, inB), Describe(inB, inA));
        }
        return null;
    }

    private static ILookup<string, double> Passes(IEnumerable<RunEvent> events) => Steps(events).Where(step => step.Verdict is Verdict.Pass).ToLookup(step => step.Step, step => step.DurationMs);

    private static IEnumerable<StepEnded> Steps(IEnumerable<RunEvent> events) => events.Select(runEvent => runEvent.Body).OfType<StepEnded>().Where(step => step.Phase is StepPhase.Steps);

    private static double? Median(IEnumerable<double> durations)
    {
        var sorted = durations.Order().ToList();
        return sorted.Count == 0 ? null : (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }

    private static string Describe(StepEnded step, StepEnded other) =>
        step.Cycle == other.Cycle && step.Index == other.Index ? Describe(step) : $"cycle {step.Cycle}, step {step.Index + 1}: {Describe(step)}";

    private static string Describe(StepEnded step) =>
        $"{step.Step} {step.Arguments}: {step.Verdict.ToString().ToLowerInvariant()}{(step.Failure is { } failure ? $", {failure.Operation} {failure.Code}" : "")}";
}
