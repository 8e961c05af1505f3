using HilRig.Analysis.History;
using HilRig.Analysis.Rates;
using HilRig.Bench.Histories;

namespace HilRig.Bench.Targets;

/// <summary>False flags, the time to a right one, and whose it is said to be.</summary>
internal static class FlagTargets
{
    private const double Budget = 1e-4;
    private static readonly string[] Product = ["intermittent", "conditional", "consistent"];

    /// <summary>Row 1.</summary>
    public static TargetRow CleanNights(int draws)
    {
        var flagged = ParallelEnumerable.Range(0, draws).Count(seed =>
            HistoryAnalysis.Judge(HistoryWorld.Draw(new NightPlan { Boards = 24, Hours = 10, Witnessed = (0, 0) }, 170_000 + seed), Budget).Flags.Any(flag => Product.Contains(flag.Class)));
        return new TargetRow(1, "nights of 24 boards and 10 h with a false flag of the product, every witness removed, budget 1e-4", "not 0", "≤ 1 in 10,000", Figures.Share(flagged, draws), flagged == 0 && draws >= 10_000, draws,
            flagged == 0 ? "no false flag; fewer nights drawn than would prove it" : "");
    }

    /// <summary>Rows 2 and 3.</summary>
    public static TargetRow CyclesToFlag(int number, double rate, double hours, (double Median, double Ninety) target, string limit, int draws)
    {
        var cycles = new List<double>();
        for (var seed = 0; seed < draws; seed++)
        {
            var rows = HistoryWorld.Draw(new NightPlan { Boards = 24, Hours = hours, Faults = [new("update", "10005", _ => rate)] }, 120_000 + seed);
            cycles.Add(FlagOf(rows, "10005", Budget) is { } flag ? CyclesUntil(rows, flag) : double.PositiveInfinity);
        }
        var (median, ninety) = (Figures.Quantile(cycles, 0.5), Figures.Quantile(cycles, 0.9));
        return new TargetRow(number, $"cycles to flag {100 * rate:0.#} %, budget 1e-4", limit, $"≤ {target.Median:N0} median, ≤ {target.Ninety:N0} for 90 %", $"{median:0} median, {ninety:0} for 90 %", median <= target.Median && ninety <= target.Ninety, draws,
            "failures come whole: the third suffices until trial 1,112, the fourth until 3,757, the fifth until 7,969");
    }

    /// <summary>Row 4.</summary>
    public static TargetRow RareTrigger(int draws)
    {
        var (second, all) = (0, 0);
        for (var seed = 0; seed < draws; seed++)
        {
            var rows = HistoryWorld.Draw(new NightPlan { Boards = 24, Hours = 1, ShareOfDoubleUpdates = 0.01, Faults = [new("update", "10203", now => now.UpdatesSinceReset >= 1 ? 1 : 0)] }, 130_000 + seed);
            if (FlagOf(rows, "10203", NoiseFloor.NightlyBudget) is not { FlaggedAtTrial: { } trial })
                continue;
            all++;
            second += Updates(rows).Take(trial).Count(row => row.Fingerprint == "10203") <= 2 ? 1 : 0;
        }
        return new TargetRow(4, "always fails after an update, exercised by 1 cycle in 100: flagged at the second failure, budget 0.005", "the second failure", "≥ 99 % of nights", Figures.Share(second, all), second >= 0.99 * all, draws,
            "failures on one agent within two minutes, with anything else failing there, may have one cause and count once");
    }

    /// <summary>Row 5.</summary>
    public static TargetRow Attribution(int draws)
    {
        string[] kinds = ["one bad board", "bad hub", "hang as silence 1 %"];
        var parts = kinds.Select(kind => (Kind: kind, Right: Enumerable.Range(140_000, draws).Count(seed => Scenario.All.First(scenario => scenario.Name == kind).Check(seed) is null))).ToList();
        return new TargetRow(5, "board, hub and silent product told apart", "3 incidents on one of 24 boards", "≥ 99.9 % over 3,000 nights", string.Join("; ", parts.Select(part => $"{part.Kind} {Figures.Share(part.Right, draws)}")),
            parts.All(part => part.Right >= 0.999 * draws) && draws >= 1000, draws * kinds.Length, "fewer nights drawn than would prove it, or short nights of 3 h with too few failures");
    }

    private static HistoryFlag? FlagOf(IReadOnlyList<HistoryRow> rows, string code, double budget) =>
        HistoryAnalysis.Judge(rows, budget).Flags.FirstOrDefault(flag => flag.Fingerprint == code && flag is { Step: "update", FlaggedAtTrial: not null });

    private static IEnumerable<HistoryRow> Updates(IEnumerable<HistoryRow> rows) => rows.Where(row => row.Step == "update").OrderBy(row => row.Time);

    private static double CyclesUntil(IReadOnlyList<HistoryRow> rows, HistoryFlag flag)
    {
        var time = Updates(rows).ElementAt(flag.FlaggedAtTrial!.Value - 1).Time;
        return rows.Where(row => row.Time <= time).Select(row => (row.Board, row.Cycle)).Distinct().Count();
    }
}
