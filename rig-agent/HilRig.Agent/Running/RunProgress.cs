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
            case CycleEnded cycle:
                ended++;
                lastCycle = cycle.Cycle;
                if (cycle.Verdict > Verdict.Pass)
                    blamed[cycle.Layer] = blamed.GetValueOrDefault(cycle.Layer) + 1;
                break;
        }
    }

    /// <summary>For example <c>[█████···············] 250/1000 · failed 3/250 → 1.2 % [0.25–3.47] · product 3 · 1,240 cycles/h · 36 min left</c>.</summary>
    public override string ToString()
    {
        var parts = new List<string> { $"{Bar()} {lastCycle}/{cycles}", $"failed {ClopperPearson.Rate(Failed, ended)}" };
        parts.AddRange(blamed.OrderByDescending(pair => pair.Value).Select(pair => $"{Word(pair.Key)} {pair.Value}"));
        var spent = now - began;
        if (ended > 0 && spent > TimeSpan.Zero)
        {
            parts.Add(FormattableString.Invariant($"{ended / spent.TotalHours:N0} cycles/h"));
            parts.Add($"{Duration(spent / ended * (cycles - lastCycle))} left");
        }
        return string.Join(" · ", parts);
    }

    /// <summary>The same without bar and forecast, for a run that is over.</summary>
    public string ByLayer() => blamed.Count == 0
        ? "none failed"
        : $"failed {ClopperPearson.Rate(Failed, ended)}: " + string.Join(", ", blamed.OrderByDescending(pair => pair.Value).Select(pair => $"{Word(pair.Key)} {pair.Value}"));

    private string Bar()
    {
        var full = cycles == 0 ? 0 : (int)((long)BarCells * lastCycle / cycles);
        return $"[{new string('█', full)}{new string('·', BarCells - full)}]";
    }

    private static string Word(Layer layer) => layer == Layer.None ? "stopped" : layer.ToString().ToLowerInvariant();

    private static string Duration(TimeSpan time) =>
        time < TimeSpan.FromMinutes(1) ? $"{time.TotalSeconds:0} s"
        : time < TimeSpan.FromHours(2) ? $"{time.TotalMinutes:0} min"
        : FormattableString.Invariant($"{time.TotalHours:0.0} h");
}
