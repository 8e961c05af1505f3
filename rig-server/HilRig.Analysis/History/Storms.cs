using HilRig.Analysis.Flags;

namespace HilRig.Analysis.History;

/// <summary>
/// Two-minute bins in which several boards of one agent fell silent in several kinds of step, widened by one bin on each
/// side. A fault of the product hits one kind of step on all agents, so it cannot make a storm by itself.
/// </summary>
internal sealed class Storms
{
    private const double BinSeconds = 120;
    private const int Kinds = 2;
    private readonly HashSet<(int Night, string Agent, long Bin)> bins = [];

    public Storms(IReadOnlyCollection<Trial> trials)
    {
        var boards = trials.Select(trial => (trial.Row.Agent, trial.Row.Board)).Distinct().CountBy(place => place.Agent).ToDictionary();
        foreach (var bin in trials.Where(trial => trial.Row.IsSilence).GroupBy(trial => KeyOf(trial.Row)))
        {
            if (bin.Select(trial => trial.Row.Board).Distinct().Count() < SilenceWatch.Needed(boards[bin.Key.Agent])
                || bin.Select(trial => trial.Row.Step).Distinct().Count() < Kinds)
                continue;
            for (var near = -1; near <= 1; near++)
                bins.Add(bin.Key with { Bin = bin.Key.Bin + near });
        }
    }

    public bool Cover(Trial trial) => bins.Count > 0 && bins.Contains(KeyOf(trial.Row));

    private static (int Night, string Agent, long Bin) KeyOf(HistoryRow row) => (row.Night, row.Agent, (long)(row.Time / BinSeconds));
}
