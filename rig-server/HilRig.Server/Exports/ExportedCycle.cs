using System.Runtime.CompilerServices;
using HilRig.Model.Runs;

namespace HilRig.Server.Exports;

/// <summary>One cycle as the formats of test reports want it: a test case with its first failure.</summary>
/// <param name="Cycle">1-based; the setup, cycle 0, is among them only when it failed.</param>
/// <param name="Verdict">Not set for a cycle that was cut short.</param>
/// <param name="DurationMs">Sum of its steps.</param>
/// <param name="Failed">Steps of any phase that did not pass, in their order.</param>
internal sealed record ExportedCycle(int Cycle, DateTimeOffset StartedAt, Verdict Verdict, double DurationMs, IReadOnlyList<StepEnded> Failed)
{
    public string Name => Cycle == 0 ? "setup" : $"cycle {Cycle}";

    public string Message => Failed.FirstOrDefault(step => step.Failure is not null)?.Failure?.Message ?? (Verdict is Verdict.NotSet ? "cut short" : $"{Verdict}");

    public string Details => string.Join('\n', Failed.Select(step =>
        $"{step.Step} {step.Arguments}: {step.Verdict}, blamed on {step.Layer}: {(step.Failure is { } failure ? $"{failure.Operation} {failure.Code} {failure.CodeName}: {failure.Message}" : "no failure was noted")}"));

    /// <summary>Folds events, in order, into cycles.</summary>
    public static async IAsyncEnumerable<ExportedCycle> FromAsync(IAsyncEnumerable<RunEvent> events, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Fold? fold = null;
        await foreach (var runEvent in events.WithCancellation(cancellationToken))
        {
            switch (runEvent.Body)
            {
                case CycleStarted started:
                    if (fold is { Cycle: > 0 })
                        yield return fold.ToCycle(Verdict.NotSet);
                    fold = new Fold(started.Cycle, runEvent.At);
                    break;
                case StepEnded step:
                    (fold ??= new Fold(step.Cycle, runEvent.At)).Add(step);
                    break;
                case CycleEnded ended when fold is not null:
                    if (ended.Cycle > 0 || ended.Verdict > Verdict.Pass)
                        yield return fold.ToCycle(ended.Verdict);
                    fold = null;
                    break;
            }
        }
        if (fold is { Cycle: > 0 })
            yield return fold.ToCycle(Verdict.NotSet);
    }

    private sealed class Fold(int cycle, DateTimeOffset startedAt)
    {
        private readonly List<StepEnded> failed = [];
        private double durationMs;

        public int Cycle => cycle;

        public void Add(StepEnded step)
        {
            durationMs += step.DurationMs;
            if (step.Verdict > Verdict.Pass)
                failed.Add(step);
        }

        public ExportedCycle ToCycle(Verdict verdict) => new(cycle, startedAt, verdict, durationMs, failed);
    }
}
