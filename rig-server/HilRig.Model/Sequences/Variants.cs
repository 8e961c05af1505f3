namespace HilRig.Model.Sequences;

/// <summary>The variants of a sequence.</summary>
/// <param name="Sequence">What they are variants of.</param>
/// <param name="Usual">Parameters at their own values: what setup and cleanup are done with.</param>
/// <param name="All">One, or one for each row of its matrix.</param>
public sealed record Variants(Sequence Sequence, Variant Usual, IReadOnlyList<Variant> All)
{
    /// <summary>Repetitions unless the caller says otherwise: as the sequence says, or else every variant once.</summary>
    public int Cycles => Sequence.Cycles ?? All.Count;

    public static Variants Of(Sequence sequence)
    {
        var defaults = sequence.Parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Default.Value);
        var usual = Variant.Of(sequence, defaults);
        return new Variants(
            sequence,
            usual,
            sequence.Matrix is null ? [usual] : [.. sequence.Matrix.Rows().Select(row => Variant.Of(sequence, With(defaults, row)))]);
    }

    /// <summary>
    /// The variant of a cycle: every variant once before any comes again, each time in an order drawn from the run's seed,
    /// so that no variant always follows the same other one.
    /// </summary>
    public Variant ForCycle(long seed, int cycle)
    {
        var (pass, index) = Math.DivRem(cycle - 1, All.Count);
        var order = All.ToArray();
        // Negative, so that the order is drawn apart from what any cycle draws.
        SeededRandom.Shuffle(order, SeededRandom.For(seed, -1 - pass));
        return order[index];
    }

    private static Dictionary<string, string> With(Dictionary<string, string> defaults, IReadOnlyDictionary<string, string> row) =>
        defaults.ToDictionary(pair => pair.Key, pair => row.GetValueOrDefault(pair.Key, pair.Value));
}
