using HilRig.Model.Runs;
using HilRig.Model.Rig;

namespace HilRig.Tests.Server;

/// <summary>Writes a run's events as an agent would, without a board: each call adds the next events.</summary>
internal sealed class RunScript
{
    public static readonly DateTimeOffset Evening = new(2026, 1, 21, 22, 0, 0, TimeSpan.Zero);
    private readonly List<RunEvent> events = [];
    private DateTimeOffset now = Evening;
    private Verdict verdict = Verdict.Pass;
    private int cycle;

    public RunScript(string runId, string place = "kv58-1", int cycles = 3, DateTimeOffset? at = null, RerunOf? rerunOf = null, string digest = "1f0c", string text = "5ad3", string? hub = null)
    {
        RunId = runId;
        Place = place;
        now = at ?? Evening;
        Add(new RunStarted(
            "re-update", text, "2.0.0+1f0c", digest, place, "kv58", $"00112233-{place}", "bench-1", "app-6k.bin", "77aa", cycles, 4711,
            new Dictionary<string, string> { ["agent"] = "0.1.0", ["pyocd"] = "0.45.0" })
        {
            RerunOf = rerunOf,
            Hub = hub,
        });
    }

    public string RunId { get; }

    public string Place { get; }

    public IReadOnlyList<RunEvent> Events => events;

    public static Failure CumulativeWrite { get; } = new(
        "write-memory", "10203", "kStatusMemoryCumulativeWrite",
        "write-memory to 0x1000A000 answered 10203 kStatusMemoryCumulativeWrite; the array reads FF there");

    public static Failure Silence { get; } = new("ping", "no-response", "", "no ping response within 500 ms (0 bytes received)");

    public EventBatch Batch(long epoch = 0, int skip = 0, int take = int.MaxValue) => new(RunId, epoch, [.. events.Skip(skip).Take(take)]);

    /// <summary>A cycle of a reset and an update; the update fails in the way given.</summary>
    public RunScript Cycle(
        Failure? failure = null, Layer layer = Layer.Product, string appAtBoot = "blank", bool marginal = false, IReadOnlyList<EvidenceItem>? evidence = null)
    {
        cycle++;
        Add(new CycleStarted(cycle));
        Step(0, "reset", "by: power", null, Layer.None, appAtBoot, false, []);
        Step(1, "update", "image: app-6k.bin", failure, layer, appAtBoot, marginal, evidence ?? []);
        var worst = VerdictOf(failure, layer);
        verdict = verdict.Worst(worst);
        return Add(new CycleEnded(cycle, worst, failure is null ? Layer.None : layer));
    }

    /// <summary>So many cycles that pass.</summary>
    public RunScript Cycles(int count)
    {
        for (var done = 0; done < count; done++)
            Cycle();
        return this;
    }

    public RunScript Attribute(SampleAttributed attributed) => Add(attributed);

    public RunScript Notice(string subject, string message) => Add(new RigNotice(subject, message));

    public RunScript End(EndReason reason = EndReason.Completed, string message = "all cycles done") => Add(new RunEnded(verdict, reason, message));

    private void Step(
        int index, string step, string arguments, Failure? failure, Layer layer, string appAtBoot, bool marginal, IReadOnlyList<EvidenceItem> evidence)
    {
        Add(new StepStarted(cycle, index, StepPhase.Steps, step, arguments));
        Add(new StepEnded(
            cycle, index, StepPhase.Steps, step, arguments, VerdictOf(failure, layer), failure is null ? Layer.None : layer, failure, 812.5 + cycle, marginal,
            new Dictionary<string, string>
            {
                [ConditionVocabulary.AppAtBoot] = appAtBoot,
                [ConditionVocabulary.LastReset] = cycle % 3 == 0 ? "probe" : "power",
                [ConditionVocabulary.UpdatesSinceReset] = $"{cycle % 2}",
                [ConditionVocabulary.Board] = $"00112233-{Place}",
            },
            marginal ? new Dictionary<string, double> { ["resends"] = 1 } : new Dictionary<string, double>(),
            evidence));
    }

    private static Verdict VerdictOf(Failure? failure, Layer layer) => (failure, layer) switch
    {
        (null, _) => Verdict.Pass,
        (_, Layer.Product) => Verdict.Fail,
        (_, Layer.Rig) => Verdict.Error,
        _ => Verdict.Inconclusive,
    };

    private RunScript Add(RunEventBody body)
    {
        events.Add(new RunEvent(RunId, events.Count + 1, now, body));
        now = now.AddMilliseconds(137).AddTicks(7);
        return this;
    }
}
