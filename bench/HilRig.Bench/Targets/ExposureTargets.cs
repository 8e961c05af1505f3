using HilRig.Bench.Histories;

namespace HilRig.Bench.Targets;

/// <summary>Which ordered pairs of steps the drawn sequences ever exercise.</summary>
internal static class ExposureTargets
{
    private static readonly string[] Resets = ["reset_bl", "reset_swd", "power_cycle"];

    /// <summary>Row 15.</summary>
    public static TargetRow Pairs()
    {
        var pairs = new HashSet<(string, string)>();
        foreach (var board in HistoryWorld.Draw(new NightPlan { Boards = 24, Hours = 10 }, 1).Where(row => !row.IsRecovery).GroupBy(row => row.Board))
        {
            var since = new HashSet<string>();
            foreach (var row in board.OrderBy(row => row.Time))
            {
                foreach (var earlier in since)
                    pairs.Add((earlier, row.Step));
                if (Resets.Contains(row.Step))
                    since.Clear();
                since.Add(row.Step);
            }
        }
        return new TargetRow(15, "ordered pairs of steps, no reset between, that a night of the generator's twelve sequences exercises", "81 of 81", "every pair ≥ 3/p trials in a sign-off", $"{pairs.Count} of 81", pairs.Count == 81, 1,
            "the sequences are written by hand; no covering set of sequences is generated yet, and a sign-off does not count pairs yet");
    }
}
