using HilRig.Model;
using HilRig.Model.Runs;

namespace HilRig.Analysis.SignOff;

/// <summary>One cycle as a sign-off counts it.</summary>
/// <param name="Voided">The rule by which it is left out; null where it counts.</param>
public sealed record SignOffSample(string RunId, int Cycle, DateTimeOffset At, string Place, string Sequence, Verdict Verdict, string? Voided)
{
    /// <summary>How often the board's power was off before, in the runs of the sign-off.</summary>
    public int Session { get; init; }

    /// <summary>A cycle of the control release: no sample of the claim.</summary>
    public bool IsGolden { get; init; }
}

/// <summary>Turns runs into the cycles of a sign-off.</summary>
/// <remarks>A cycle that nobody can attribute counts against the product: leaving it out would be the cheapest way to a good bound.</remarks>
public static class SignOffSamples
{
    public const string RigRule = "rig: the cycle ended in an error of the rig";
    public const string StopRule = "stop: a person or a signal stopped the cycle";

    /// <param name="events">Whole runs, each in its order.</param>
    public static IReadOnlyList<SignOffSample> From(IEnumerable<RunEvent> events, SignOffPlan plan)
    {
        var cycles = new List<(RunEvent Event, CycleEnded Cycle)>();
        var runs = new Dictionary<string, (RunStarted Started, DateTimeOffset At)>();
        var numbers = new Dictionary<string, long>();
        var switchings = new Dictionary<string, List<DateTimeOffset>>();
        foreach (var runEvent in events)
        {
            if (runEvent.Number != numbers.GetValueOrDefault(runEvent.RunId) + 1)
                throw new BadInputException($"run {runEvent.RunId}: event {runEvent.Number} follows {numbers.GetValueOrDefault(runEvent.RunId)}; events are missing, doubled or out of order");
            numbers[runEvent.RunId] = runEvent.Number;
            if (runEvent.Body is RunStarted started)
                runs[runEvent.RunId] = (Checked(started, runEvent, plan), runEvent.At);
            else if (runEvent.Body is CycleEnded { Cycle: > 0 } cycle)
                cycles.Add((runEvent, cycle));
            else if (runEvent.Body is StepEnded { Step: "reset", Verdict: Verdict.Pass } step && step.Arguments.Split(' ').Contains("by=power"))
                (switchings.TryGetValue(runs[runEvent.RunId].Started.Place, out var times) ? times : switchings[runs[runEvent.RunId].Started.Place] = []).Add(runEvent.At);
        }
        foreach (var times in switchings.Values)
            times.Sort();
        var inOrder = runs.OrderBy(run => run.Value.At).ThenBy(run => run.Key, StringComparer.Ordinal).Select(run => run.Value.Started).ToList();
        var (ofRelease, ofSequence) = (FirstBy(inOrder, run => run.Release, run => run.ReleaseDigest), FirstBy(inOrder, run => run.Sequence, run => run.SequenceDigest));
        return [.. cycles.Select(one => Sample(one.Event, one.Cycle, runs[one.Event.RunId].Started))];

        SignOffSample Sample(RunEvent runEvent, CycleEnded cycle, RunStarted started) => new(
            runEvent.RunId, cycle.Cycle, runEvent.At, started.Place, started.Sequence, cycle.Verdict,
            VoidingRules.Find(plan, cycle, started, (ofRelease[started.Release], ofSequence[started.Sequence])))
        {
            IsGolden = started.Release != plan.Release,
            Session = switchings.TryGetValue(started.Place, out var times) ? UpTo(times, runEvent.At) : 0,
        };
    }

    /// <summary>The first run of each kind that tells a digest, else its first run.</summary>
    private static Dictionary<string, RunStarted> FirstBy(List<RunStarted> inOrder, Func<RunStarted, string> kind, Func<RunStarted, string> digest) =>
        inOrder.GroupBy(kind).ToDictionary(runs => runs.Key, runs => runs.FirstOrDefault(run => digest(run).Length > 0) ?? runs.First());

    private static int UpTo(List<DateTimeOffset> times, DateTimeOffset at)
    {
        var index = times.BinarySearch(at);
        return index < 0 ? ~index : index + 1;
    }

    /// <summary>The rule by which a cycle that ended so is left out, where a plan has it; null where it counts.</summary>
    public static string? VoidedBy(Verdict verdict, Layer layer) => (verdict, layer) switch
    {
        (Verdict.Aborted, _) => StopRule,
        (Verdict.Error, _) or (> Verdict.Pass, Layer.Rig) => RigRule,
        _ => null,
    };

    private static RunStarted Checked(RunStarted started, RunEvent runEvent, SignOffPlan plan)
    {
        var run = $"run {runEvent.RunId}";
        if (started.Release != plan.Release && started.Release != plan.Golden)
            throw new BadInputException($"{run}: release {started.Release}, the plan is for {plan.Release}{(plan.Golden is { } golden ? $" with {golden} as control" : "")}");
        if (!plan.Places.Contains(started.Place))
            throw new BadInputException($"{run}: place {started.Place} is not in the plan ({string.Join(", ", plan.Places)})");
        if (!plan.Mix.ContainsKey(started.Sequence))
            throw new BadInputException($"{run}: sequence {started.Sequence} is not in the plan's mix ({string.Join(", ", plan.Mix.Keys)})");
        return started;
    }
}
