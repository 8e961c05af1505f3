namespace HilRig.Model.Runs;

/// <summary>All cycles of a run as a strip: what passed is not listed, so that a run of any length costs no more than a screen shows.</summary>
/// <param name="First">Number of its first cycle.</param>
/// <param name="Last">Number of its last one so far; 0 where none has begun.</param>
/// <param name="CyclesACell">How many neighbours share a cell.</param>
/// <param name="Odd">Cells that did not all pass, in order; two for one cell where its cycles ended in two ways.</param>
public sealed record RunStrip(int First, int Last, int CyclesACell, IReadOnlyList<OddCell> Odd)
{
    public static RunStrip Empty { get; } = new(1, 0, 1, []);

    public int Cells => Last < First ? 0 : ((Last - First) / CyclesACell) + 1;

    /// <summary>Cycles that ended in anything but Pass.</summary>
    public int NotPassed => Odd.Where(cell => cell.Verdict > Verdict.Pass).Sum(cell => cell.Cycles);
}

/// <param name="Cell">0-based.</param>
/// <param name="Verdict"><see cref="Verdict.NotSet"/> for a cycle that goes on or was cut short.</param>
/// <param name="Cycles">So many of the cell ended so.</param>
/// <param name="FirstCycle">The first of them.</param>
public sealed record OddCell(int Cell, Verdict Verdict, int Cycles, int FirstCycle);
