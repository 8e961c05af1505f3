namespace HilRig.Analysis.Drift;

/// <summary>Whether failures gather late or early in a stretch of trials (Laplace's trend test).</summary>
public static class Trend
{
    /// <summary>Two-sided chance of 0.005, what a night may cost in false claims.</summary>
    private const double Claimed = 2.81;

    /// <summary>z of the failures' mean position: about normal without a trend, positive when they come late.</summary>
    /// <param name="failures">0-based positions of the failing trials.</param>
    public static double Z(IReadOnlyList<int> failures, int trials) =>
        failures.Count == 0 ? 0 : (failures.Average(position => (position + 0.5) / trials) - 0.5) * Math.Sqrt(12 * failures.Count);

    /// <summary><c>rising</c>, <c>falling</c> or null.</summary>
    public static string? Of(IReadOnlyList<int> failures, int trials) => Z(failures, trials) switch
    {
        > Claimed => "rising",
        < -Claimed => "falling",
        _ => null,
    };
}
