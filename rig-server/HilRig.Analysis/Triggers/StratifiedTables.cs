namespace HilRig.Analysis.Triggers;

/// <summary>
/// The 2×2 table of a condition taken apart by board, so that a board that fails more and meets the condition more often
/// cannot pass for the condition (Simpson's paradox).
/// </summary>
public sealed class StratifiedTables(IReadOnlyDictionary<string, FourfoldTable> byBoard)
{
    /// <summary>Failures up to which the test is made exactly.</summary>
    private const int MostExact = 2_000;

    /// <summary>Boards with failures that fail more often while the condition does not hold.</summary>
    public IReadOnlyList<string> Against =>
    [
        .. byBoard
            .Where(board => board.Value is { InsideTrials: > 0, OutsideTrials: > 0 } table
                && (long)table.InsideFailures * table.OutsideTrials < (long)table.OutsideFailures * table.InsideTrials)
            .Select(board => board.Key)
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Boards that fail more often while it holds.</summary>
    public int For => byBoard.Values.Count(table => table.IsEnriched);

    /// <summary>
    /// The exact Cochran–Mantel–Haenszel test, one-sided: the chance of this many failures or more inside when within each
    /// board they fall on either side by chance; 1 where no board says anything.
    /// </summary>
    public double P()
    {
        var telling = byBoard.Values.Where(table => table is { InsideTrials: > 0, OutsideTrials: > 0, Failures: > 0 }).ToList();
        if (telling.Sum(table => (long)table.Failures) > MostExact)
            return Approximate(telling);
        double[] sum = [1];
        var observed = 0;
        foreach (var table in telling)
        {
            var lowest = Math.Max(0, table.Failures - table.OutsideTrials);
            observed += table.InsideFailures - lowest;
            sum = Convolve(sum, table.Hypergeometric());
        }
        return Math.Min(1, sum.Skip(observed).Sum());
    }

    /// <summary>The same by its mean and variance, with the continuity correction: with failures in the thousands nobody can tell the difference, and a look stays a look.</summary>
    private static double Approximate(List<FourfoldTable> tables)
    {
        var (excess, variance) = (-0.5, 0.0);
        foreach (var table in tables)
        {
            var share = (double)table.InsideTrials / table.Trials;
            excess += table.InsideFailures - table.Failures * share;
            variance += table.Failures * share * (1 - share) * (table.Trials - table.Failures) / Math.Max(1, table.Trials - 1);
        }
        return variance <= 0 ? 1 : MathNet.Numerics.SpecialFunctions.Erfc(excess / Math.Sqrt(2 * variance)) / 2;
    }

    private static double[] Convolve(double[] one, double[] other)
    {
        var sum = new double[one.Length + other.Length - 1];
        for (var i = 0; i < one.Length; i++)
        {
            for (var j = 0; j < other.Length; j++)
                sum[i + j] += one[i] * other[j];
        }
        return sum;
    }
}
