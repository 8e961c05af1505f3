using HilRig.Analysis.History;

namespace HilRig.Bench.Histories;

/// <summary>Draws a history: the same plan and seed give the same rows.</summary>
public static class HistoryWorld
{
    /// <summary>All rows in the order of time, as a rig would write them.</summary>
    public static IReadOnlyList<HistoryRow> Draw(NightPlan plan, int seed)
    {
        var random = new Random(seed);
        var rows = new List<HistoryRow>();
        for (var night = 1; night <= plan.Nights; night++)
        {
            var disturbances = new Disturbances(plan, random);
            var current = night;
            rows.AddRange(Enumerable.Range(1, plan.Boards)
                .SelectMany(board => new BoardRun(plan, disturbances, random, current, board).Rows().ToList())
                .OrderBy(row => row.Time));
        }
        return rows;
    }

    /// <summary>Writes rows in the columns of a history file.</summary>
    public static void Write(IEnumerable<HistoryRow> rows, TextWriter writer)
    {
        writer.WriteLine("row,night,release,agent,board,cycle,seq,step_idx,step,phase,t_s,image,size_kb,baud,upd_since_reset,t_since_reset_s,cycles_since_power,last_reset,same_image,outcome,fingerprint,witness");
        foreach (var (number, row) in rows.Index())
            writer.WriteLine(string.Join(',',
                number, row.Night, row.Release, row.Agent, row.Board, row.Cycle, row.Sequence, row.StepIndex, row.Step, row.IsRecovery ? "rec" : "run", row.Time,
                row.Image, row.Size, row.Baud, row.UpdatesSinceReset, row.SecondsSinceReset, row.CyclesSincePower, row.LastReset, row.SameImage,
                row.Failed ? "fail" : "pass", row.Fingerprint, row.Witnessed ? 1 : 0));
    }
}
