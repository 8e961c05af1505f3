using System.Globalization;
using HilRig.Model.Runs;

namespace HilRig.Dashboards.Components;

/// <summary>A line of a grid as text: a sign for each column, which reads without script and is what a script paints.</summary>
/// <param name="Text">x failed, ? other, o passed, a dot where nothing ran.</param>
/// <param name="Bad">Counts of the columns that did not pass, <c>12:3/40 17:1/40</c>; all others are plain.</param>
/// <param name="Rate">Failed of all cycles in the line.</param>
internal sealed record GridText(string Name, string Link, string Text, string Bad, string Rate)
{
    public static GridText Of(GridLine line, int columns, string link)
    {
        var signs = new char[columns];
        Array.Fill(signs, '.');
        foreach (var cell in line.Cells)
            signs[cell.Column] = cell.Failed > 0 ? 'x' : cell.Other > 0 ? '?' : cell.Cycles > 0 ? 'o' : '.';
        var bad = string.Join(' ', line.Cells.Where(cell => cell.Failed + cell.Other > 0).Select(cell => string.Create(CultureInfo.InvariantCulture, $"{cell.Column}:{cell.Failed}/{cell.Cycles}")));
        var (failed, cycles) = (line.Cells.Sum(cell => cell.Failed), line.Cells.Sum(cell => cell.Cycles));
        return new GridText(line.Name, link, new string(signs), bad, string.Create(CultureInfo.InvariantCulture, $"{failed:N0}/{cycles:N0}"));
    }
}
