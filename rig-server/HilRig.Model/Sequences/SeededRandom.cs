namespace HilRig.Model.Sequences;

/// <summary>Chance that a printed seed can replay years later.</summary>
internal static class SeededRandom
{
    /// <summary>Random's legacy algorithm for a given seed is fixed by compatibility.</summary>
    public static Random For(long seed, int cycle) =>
        new(unchecked((int)((seed * 2_654_435_761L) + (cycle * 40_503L)) & int.MaxValue));

    /// <summary>Fisher and Yates, by <see cref="Random.Next(int)"/> alone: how Random.Shuffle draws is nobody's promise.</summary>
    public static void Shuffle<T>(T[] items, Random random)
    {
        for (var last = items.Length - 1; last > 0; last--)
        {
            var drawn = random.Next(last + 1);
            (items[last], items[drawn]) = (items[drawn], items[last]);
        }
    }
}
