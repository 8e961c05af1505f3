using HilRig.Analysis.Rates;

namespace HilRig.Bench.Targets;

/// <summary>One quantity that the analysis is measured by.</summary>
/// <param name="Number">As in the table of targets.</param>
/// <param name="Limit">What no method can beat.</param>
/// <param name="Target">What is aimed at.</param>
/// <param name="Ours">Figures with their intervals.</param>
/// <param name="Met">True where the figures reach the target.</param>
/// <param name="Draws">How many nights, searches or campaigns were simulated.</param>
/// <param name="Why">Why it is short of the target; empty where it is not.</param>
internal sealed record TargetRow(int Number, string Quantity, string Limit, string Target, string Ours, bool Met, int Draws, string Why = "");

/// <summary>Shapes of figures.</summary>
internal static class Figures
{
    /// <summary>A share of draws with its exact interval: targets are promises.</summary>
    public static string Share(int count, int of) =>
        $"{count}/{of} [{100 * ClopperPearson.Lower(count, of, 0.025):0.##}–{100 * ClopperPearson.Upper(count, of, 0.025):0.##} %]";

    /// <summary>Mean with its 95 % interval.</summary>
    public static string Mean(IReadOnlyCollection<double> values)
    {
        var mean = values.Average();
        var error = 1.96 * Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / Math.Max(1, values.Count - 1) / values.Count);
        return $"{mean:0.#} ± {error:0.#}";
    }

    public static double Quantile(IReadOnlyCollection<double> values, double share)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? double.NaN : sorted[(int)Math.Min(sorted.Count - 1, Math.Floor(share * sorted.Count))];
    }
}
