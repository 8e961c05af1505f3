using HilRig.Model.Flags;

namespace HilRig.Model.Runs;

/// <summary>What a grid's lines are.</summary>
public enum GridLines
{
    Sequence,
    Place,
    Release,

    /// <summary>Single runs, the newest first; the columns are then cycles instead of nights.</summary>
    Run,
}

/// <summary>Which results a grid shows.</summary>
/// <param name="Until">The last night; null for the night of the newest run.</param>
/// <param name="Nights">How many, up to <see cref="MostColumns"/>.</param>
public sealed record GridQuery(GridLines Lines, DateOnly? Until = null, int Nights = 60, string? Sequence = null, string? Release = null, string? Place = null)
{
    public const int MostColumns = 400;
    public const int MostLines = 200;
}

/// <summary>Results as a picture: a line for each sequence, place, release or run, a column for each night or so many cycles.</summary>
/// <param name="Nights">The night of each column, named by the day on which it begins: from noon to noon, UTC; empty where columns are cycles.</param>
/// <param name="Columns">How many there are.</param>
/// <param name="CyclesAColumn">How many cycles of a run a column holds; 0 where columns are nights.</param>
/// <param name="IsCut">There were more lines than are shown.</param>
public sealed record ResultGrid(IReadOnlyList<DateOnly> Nights, int Columns, int CyclesAColumn, IReadOnlyList<GridLine> Lines, bool IsCut)
{
    /// <summary>What a column is called.</summary>
    public string NameOf(int column) => CyclesAColumn switch
    {
        0 => $"night of {Nights[column]:yyyy-MM-dd}",
        1 => $"cycle {column + 1}",
        _ => $"cycles {(column * CyclesAColumn) + 1} to {(column + 1) * CyclesAColumn}",
    };
}

/// <param name="Name">The sequence, place or release, or the run's id.</param>
/// <param name="Cells">Where something ran, by column.</param>
public sealed record GridLine(string Name, IReadOnlyList<GridCell> Cells);

/// <param name="Runs">Runs in it.</param>
/// <param name="Cycles">Finished cycles.</param>
/// <param name="Failed">Of them, those that failed.</param>
/// <param name="Other">Of them, those that neither passed nor failed: undecided, stopped, the rig's.</param>
public sealed record GridCell(int Column, int Runs, int Cycles, int Failed, int Other);

/// <summary>One night of a failure.</summary>
/// <param name="Night">The day on which it begins: from noon to noon, UTC.</param>
/// <param name="Rate">Steps that failed so, over the finished cycles of its sequence and release; a run is of the night in which it began.</param>
public sealed record FailureNight(DateOnly Night, Rate Rate);
