using HilRig.Model;

namespace HilRig.Analysis.History;

/// <summary>Holds each board's rows to one order: nights, time, cycles and steps only go forward, and no row stands twice.</summary>
internal sealed class HistoryOrder(string name)
{
    private readonly Dictionary<string, HistoryRow> last = [];

    public void Check(HistoryRow row, long line)
    {
        if (last.TryGetValue(row.Board, out var before))
            Check(before, row, line);
        last[row.Board] = row;
    }

    private void Check(HistoryRow before, HistoryRow row, long line)
    {
        if (row.Agent != before.Agent)
            throw Refuse(row, line, $"on agent {row.Agent}, before on {before.Agent}; a board belongs to one agent");
        if (row.Night > before.Night)
            return;
        if (row.Night < before.Night)
            throw Refuse(row, line, $"night {row.Night} after night {before.Night}; nights must not go backwards");
        if (row.Time < before.Time)
            throw Refuse(row, line, $"{row.Time} s after {before.Time} s; time must not go backwards on a board");
        if (row.Cycle < before.Cycle)
            throw Refuse(row, line, $"cycle {row.Cycle} after cycle {before.Cycle}; cycles must not go backwards on a board");
        if (row.Cycle == before.Cycle && row.StepIndex == before.StepIndex && row.IsRecovery == before.IsRecovery && (!row.IsRecovery || row.Time == before.Time))
            throw Refuse(row, line, $"cycle {row.Cycle} step {row.StepIndex} stands twice; remove the duplicate row");
        if (row.Cycle == before.Cycle && row.StepIndex < before.StepIndex)
            throw Refuse(row, line, $"step {row.StepIndex} of cycle {row.Cycle} after step {before.StepIndex}; steps must not go backwards in a cycle");
    }

    private BadInputException Refuse(HistoryRow row, long line, string message) =>
        BadInputException.At(name, line, 1, $"board {row.Board}: {message}");
}
