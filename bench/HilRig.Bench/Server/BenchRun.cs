using HilRig.Model.Runs;

namespace HilRig.Bench.Server;

/// <summary>A run's events as a night makes them: cycles of a reset and an update, one update in fifty failing.</summary>
public sealed record BenchRun(string RunId, IReadOnlyList<RunEvent> Events)
{
    private static readonly string[] Steps = ["reset", "update"];
    private static readonly DateTimeOffset Evening = new(2026, 1, 21, 22, 0, 0, TimeSpan.Zero);
    private static readonly Failure CumulativeWrite = new("write-memory", "10203", "kStatusMemoryCumulativeWrite", "write-memory to 0x1000A000 answered 10203");

    // One for all events: an agent does not hold a night in memory either.
    private static readonly Dictionary<string, string> Conditions = new() { [ConditionVocabulary.AppAtBoot] = "blank", [ConditionVocabulary.LastReset] = "power", [ConditionVocabulary.UpdatesSinceReset] = "1" };
    private static readonly Dictionary<string, double> NoMeasurements = [];

    public static BenchRun Of(string runId, int count)
    {
        var events = new List<RunEvent>(count);
        void Add(RunEventBody body) => events.Add(new RunEvent(runId, events.Count + 1, Evening.AddMilliseconds(137 * events.Count), body));
        Add(new RunStarted("re-update", "5ad3", "2.0.0+1f0c", "1f0c", runId, "kv58", runId, runId, "app-6k.bin", "77aa", count, 1, new Dictionary<string, string>()));
        for (var cycle = 1; events.Count < count - 1; cycle++)
        {
            Add(new CycleStarted(cycle));
            var failure = cycle % 50 == 0 ? CumulativeWrite : null;
            foreach (var (index, step) in Steps.Index())
            {
                Add(new StepStarted(cycle, index, StepPhase.Steps, step, "image: app-6k.bin"));
                var found = step == "update" ? failure : null;
                Add(new StepEnded(
                    cycle, index, StepPhase.Steps, step, "image: app-6k.bin", found is null ? Verdict.Pass : Verdict.Fail, found is null ? Layer.None : Layer.Product, found, 812.5, false,
                    Conditions, NoMeasurements, []));
            }
            Add(new CycleEnded(cycle, failure is null ? Verdict.Pass : Verdict.Fail, failure is null ? Layer.None : Layer.Product));
        }
        events.RemoveRange(count - 1, events.Count - count + 1);
        Add(new RunEnded(Verdict.Fail, EndReason.Completed, "all cycles done"));
        return new BenchRun(runId, events);
    }
}
