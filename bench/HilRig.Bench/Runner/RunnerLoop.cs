using HilRig.Agent.Places;
using HilRig.Agent.Running;
using HilRig.Model.Runs;

namespace HilRig.Bench.Runner;

/// <summary>The agent itself, as <c>agent run</c> does it: bench, conditions, verdicts, journal on the disk.</summary>
internal static class RunnerLoop
{
    /// <summary>Seconds from the first cycle's start to the last one's end, by the journal's own times.</summary>
    public static async Task<double> RunAsync(Place place, ReUpdate story, int cycles, StateFolder data, CancellationToken cancellationToken)
    {
        var plan = story.Plan(place, cycles, data);
        using var journal = RunJournal.Create(data.Runs, plan.RunId, TimeProvider.System);
        DateTimeOffset? first = null;
        DateTimeOffset last = default;
        journal.Appended += runEvent =>
        {
            if (runEvent.Body is CycleStarted)
                first ??= runEvent.At;
            if (runEvent.Body is CycleEnded)
                last = runEvent.At;
        };
        using var control = new RunControl();
        var verdict = await RunOpening.RunAsync(plan, journal, "bench", control, TimeProvider.System, cancellationToken);
        if (verdict != Verdict.Pass)
            throw new InvalidOperationException($"the run ended in {verdict}: {((RunEnded)journal.ReadAfter(journal.LastNumber - 1, 1)[0].Body).Message}");
        journal.Delete();
        return (last - first!.Value).TotalSeconds;
    }
}
