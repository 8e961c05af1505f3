namespace HilRig.Analysis.Triggers;

/// <summary>A set of trials that grows as they come: a bit a trial.</summary>
internal sealed class GrowingBits
{
    private ulong[] words = [];
    private int from;

    public int Count { get; private set; }

    /// <summary>The first word that is not empty.</summary>
    public int From => from;

    /// <summary>Puts a trial into the set: each at most once, in their order.</summary>
    public void Add(int trial)
    {
        if (Count++ == 0)
            from = trial / 64;
        var word = trial / 64 - from;
        if (word >= words.Length)
            Array.Resize(ref words, Math.Max(word + 1, words.Length * 3 / 2));
        words[word] |= 1UL << (trial % 64);
    }

    /// <summary>Adds the set to bits that reach as far as the trials known so far.</summary>
    /// <param name="begin">Their first word; not behind <see cref="From"/>.</param>
    public void UnionInto(Span<ulong> bits, int begin = 0)
    {
        for (var i = 0; i < Math.Min(bits.Length - (from - begin), words.Length); i++)
            bits[from - begin + i] |= words[i];
    }

    /// <summary>The set as it is now: it is not copied, so it may only be read until the next trial comes.</summary>
    public TrialSet AsSet() => new(from, words);

    public ulong[] ToArray(int trials)
    {
        var bits = new ulong[(trials + 63) / 64];
        UnionInto(bits);
        return bits;
    }
}
