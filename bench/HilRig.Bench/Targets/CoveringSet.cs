namespace HilRig.Bench.Targets;

/// <summary>Sequences that together exercise every ordered pair of steps, a step with itself too, with no reset between the two.</summary>
/// <remarks>
/// A fault needs "A happened some time before B" rather than that they touch. Forth and back between two resets has each pair of
/// other steps in both orders, each of them after the first reset and before the second; all pairs of resets do the rest.
/// </remarks>
public static class CoveringSet
{
    /// <param name="steps">Kinds of steps but resets, in an order in which they make sense, forth and back: an update before its verify, twice.</param>
    /// <param name="resets">Kinds of resets.</param>
    public static IReadOnlyList<IReadOnlyList<string>> Of(IReadOnlyList<string> steps, IReadOnlyList<string> resets) =>
        [.. resets.SelectMany(first => resets.Select(last => (IReadOnlyList<string>)[first, .. steps, .. steps.Reverse(), last]))];
}
