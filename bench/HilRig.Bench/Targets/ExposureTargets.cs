using HilRig.Analysis.SignOff;
using HilRig.Bench.Histories;

namespace HilRig.Bench.Targets;

/// <summary>Which ordered pairs of steps the drawn sequences ever exercise.</summary>
internal static class ExposureTargets
{
    private static readonly string[] Resets = ["reset_bl", "reset_swd", "power_cycle"];
    private static readonly string[] Others = ["connect", "erase_all", "erase_region", "reconnect", "update", "verify"];

    /// <summary>Row 15.</summary>
    public static TargetRow Pairs()
    {
        var night = new NightPlan { Boards = 24, Hours = 10 };
        var byHand = Count(night, out _);
        var covering = Count(night with { Sequences = CoveringSet.Of(Others, Resets) }, out var cycles);
        var (rarest, needed) = (covering.Values.Min(), ZeroFailurePlan.Cycles(1e-3, 0.95));
        return new TargetRow(15, "ordered pairs of steps, no reset between, that a night exercises", "81 of 81", "every pair ≥ 3/p trials in a sign-off",
            $"{covering.Count} of 81 by the covering set of {Resets.Length * Resets.Length} sequences ({byHand.Count} by twelve written by hand); the rarest pair {rarest} times in {cycles:N0} cycles, so that 3/p at p = 0.1 % takes {(double)needed / rarest * cycles:N0} cycles; `exposure: required` keeps a sign-off open until then",
            covering.Count == 81, 2);
    }

    private static Dictionary<(string, string), int> Count(NightPlan plan, out int cycles)
    {
        var pairs = new Dictionary<(string, string), int>();
        var rows = HistoryWorld.Draw(plan, 1).Where(row => !row.IsRecovery).ToList();
        foreach (var board in rows.GroupBy(row => row.Board))
        {
            var since = new HashSet<string>();
            foreach (var row in board.OrderBy(row => row.Time))
            {
                foreach (var earlier in since)
                    pairs[(earlier, row.Step)] = pairs.GetValueOrDefault((earlier, row.Step)) + 1;
                if (Resets.Contains(row.Step))
                    since.Clear();
                since.Add(row.Step);
            }
        }
        cycles = rows.Select(row => (row.Board, row.Cycle)).Distinct().Count();
        return pairs;
    }
}
