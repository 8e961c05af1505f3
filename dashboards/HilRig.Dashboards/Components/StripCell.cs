using HilRig.Model.Runs;

namespace HilRig.Dashboards.Components;

/// <summary>One cell of a cycle strip: one cycle, or several neighbours under the worst verdict among them.</summary>
internal sealed record StripCell(int FirstCycle, int LastCycle, Verdict Verdict)
{
    public string Title => FirstCycle == LastCycle
        ? $"cycle {FirstCycle}: {Words.Of(Verdict)}"
        : $"cycles {FirstCycle} to {LastCycle}: worst {Words.Of(Verdict)}";

    /// <summary>At most <paramref name="most"/> cells. A failing cycle is never averaged away: each cell shows its worst.</summary>
    public static IReadOnlyList<StripCell> Of(IReadOnlyList<CycleMark> cycles, int most)
    {
        var width = (cycles.Count + most - 1) / most;
        return width == 0
            ? []
            : [.. cycles.Chunk(width).Select(group => new StripCell(group[0].Cycle, group[^1].Cycle, group.Max(mark => mark.Verdict)))];
    }
}
