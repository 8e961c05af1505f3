using HilRig.Analysis.Rates;
using HilRig.Model.Runs;

namespace HilRig.Agent.Running;

/// <summary>How far a run is, in one line; all of it, time included, comes from the run's events.</summary>
public sealed class RunProgress
{
    private const int BarCells = 20;

    private readonly Dictionary<Layer, int> blamed = [];
    private int cycles;
    private int lastCycle;
    private int ended;
    private DateTimeOffset began;
    private DateTimeOffset now;

    /// <summary>When the last event was written.</summary>
    public DateTimeOffset Now => now;

    /// <summary>True from the first cycle on, until the last has ended.</summary>
    public bool IsUnderWay => ended > 0 && lastCycle < cycles;

    private int Failed => blamed.Values.Sum();

    public void Apply(RunEvent runEvent)
    {
        now = runEvent.At;
        switch (runEvent.Body)
        {
            case RunStarted started:
                cycles = started.Cycles;
                break;
            case CycleStarted when began == default:
                began = runEvent.At;
                break;
            // A person's stop is no failure of the cycle.
            case CycleEnded { Verdict: Verdict.Aborted }:
                break;
            case CycleEnded cycle:
                ended++;
                lastCycle = cycle.Cycle;
                if (cycle.Verdict > Verdict.Pass)
                    blamed[cycle.Layer] = blamed.GetValueOrDefault(cycle.Layer) + 1;
                break;
        }
    }

    /// <summary>
    /// For example <c>[█████···············] 250/1000 · failed 3/250 → 1.2 % [0.42–3.41] · product 3 · 1,240 cycles/h · 36 min left</c>;
    /// where that is wider than so many columns, the bar goes first, then the speed, then who was blamed.
    /// </summary>
    public string InAtMost(int columns)
    {
        var count = $"{lastCycle}/{cycles}";
        var rate = $"failed {Wilson.Rate(Failed, ended)}";
        string[] layers = [.. blamed.OrderByDescending(pair => pair.Value).Select(pair => $"{Word(pair.Key)} {pair.Value}")];
        var spent = now - began;
        var isKnown = ended > 0 && spent > TimeSpan.Zero;
        string[] speed = isKnown ? [FormattableString.Invariant($"{ended / spent.TotalHours:N0} cycles/h")] : [];
        string[] left = isKnown ? [$"{Duration(spent / ended * (cycles - lastCycle))} left"] : [];
        string[][] choices = [[$"{Bar()} {count}", rate, .. layers, .. speed, .. left], [count, rate, .. layers, .. speed, .. left], [count, rate, .. layers, .. left], [count, rate, .. left], [count, rate]];
        var lines = choices.Select(parts => string.Join(" · ", parts)).ToList();
        return lines.Find(line => line.Length <= columns) ?? lines[^1][..Math.Min(lines[^1].Length, Math.Max(0, columns))];
    }

    /// <summary>The same without bar and forecast, for a run that is over.</summary>
    public string ByLayer() => blamed.Count == 0
        ? "none failed"
        : $"failed {Wilson.Rate(Failed, ended)}: " + string.Join(", ", blamed.OrderByDescending(pair => pair.Value).Select(pair => $"{Word(pair.Key)} {pair.Value}"));

    private string Bar()
    {
        var full = cycles == 0 ? 0 : (int)((long)BarCells * lastCycle / cycles);
        return $"[{new string('█', full)}{new string('·', BarCells - full)}]";
    }

    private static string Word(Layer layer) => layer.ToString().ToLowerInvariant();

    private static string Duration(TimeSpan time) =>
        time < TimeSpan.FromMinutes(1) ? $"{time.TotalSeconds:0} s"
        : time < TimeSpan.FromHours(2) ? $"{time.TotalMinutes:0} min"
        : FormattableString.Invariant($"{time.TotalHours:0.0} h");
}
