namespace HilRig.Model.Sequences;

/// <summary>Which combinations of values a matrix goes through.</summary>
public enum Cover
{
    /// <summary>Every one.</summary>
    All,

    /// <summary>A few in which every two values of two parameters meet.</summary>
    Pairwise,

    /// <summary>A few in which every three values of three parameters meet.</summary>
    ThreeWay,
}

/// <summary>Values that a parameter takes in turn.</summary>
public sealed record MatrixAxis(string Parameter, IReadOnlyList<StepArgument> Values, SourcePosition Position);

/// <summary>Combinations of parameter values, one a cycle.</summary>
public sealed record Matrix(Cover Cover, IReadOnlyList<MatrixAxis> Axes, SourcePosition Position)
{
    private const int MostRows = 1000;

    /// <summary>The combinations: values by parameter name.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Rows()
    {
        var sizes = Axes.Select(axis => axis.Values.Count).ToArray();
        var rows = CoveringRows.Of(sizes, Cover switch { Cover.Pairwise => 2, Cover.ThreeWay => 3, _ => sizes.Length }, MostRows)
            ?? throw Position.Error($"the matrix has too many combinations (at most {MostRows} cycles can be one pass); vary less, or use `cover: pairwise`");
        return [.. rows.Select(row => Axes.Select((axis, index) => (axis.Parameter, axis.Values[row[index]].Value)).ToDictionary(pair => pair.Parameter, pair => pair.Value))];
    }
}
