using HilRig.Model.Runs;

namespace HilRig.Dashboards.Components;

/// <summary>One cell of a cycle strip: one cycle, or several neighbours under the worst verdict among them. A failing cycle is never averaged away.</summary>
public sealed record StripCell(int FirstCycle, int LastCycle, Verdict Verdict)
{
    public string Title => FirstCycle == LastCycle
        ? $"cycle {FirstCycle}: {Words.Of(Verdict)}"
        : $"cycles {FirstCycle} to {LastCycle}: worst {Words.Of(Verdict)}";

    /// <summary>At most <paramref name="most"/> cells.</summary>
    public static IReadOnlyList<StripCell> Of(IReadOnlyList<CycleMark> cycles, int most)
    {
        var width = (cycles.Count + most - 1) / most;
        return width == 0
            ? []
            : [.. cycles.Chunk(width).Select(group => new StripCell(group[0].Cycle, group[^1].Cycle, group.Max(mark => mark.Verdict)))];
    }

    /// <summary>A whole run; a cell of one cycle that has no verdict yet shows that it has none.</summary>
    public static IReadOnlyList<StripCell> Of(RunStrip strip)
    {
        var worst = strip.Odd.GroupBy(odd => odd.Cell).ToDictionary(cell => cell.Key, cell => cell.Max(odd => odd.Verdict));
        return [.. Enumerable.Range(0, strip.Cells).Select(cell => Of(strip, cell, worst.GetValueOrDefault(cell, Verdict.Pass)))];
    }

    private static StripCell Of(RunStrip strip, int cell, Verdict worst)
    {
        var first = strip.First + (cell * strip.CyclesACell);
        return new StripCell(first, Math.Min(strip.Last, first + strip.CyclesACell - 1), strip.CyclesACell > 1 && worst is Verdict.NotSet ? Verdict.Pass : worst);
    }

    public static string LabelOf(int cycles, int notPassed) => $"{Words.Count(cycles, "cycle", "cycles")}, {(notPassed == 0 ? "none" : notPassed)} not passed";
}
