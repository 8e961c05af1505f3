namespace HilRig.Analysis.Triggers;

/// <summary>A set of trials that grows as they come: a bit a trial.</summary>
internal sealed class GrowingBits
{
    private ulong[] words = [];

    public int Count { get; private set; }

    /// <summary>Puts a trial into the set; each at most once.</summary>
    public void Add(int trial)
    {
        if (trial / 64 >= words.Length)
            Array.Resize(ref words, Math.Max(trial / 64 + 1, words.Length * 3 / 2));
        words[trial / 64] |= 1UL << (trial % 64);
        Count++;
    }

    /// <summary>Adds the set to bits that are as long as the trials known so far.</summary>
    public void UnionInto(Span<ulong> bits)
    {
        for (var i = 0; i < Math.Min(bits.Length, words.Length); i++)
            bits[i] |= words[i];
    }

    public ulong[] ToArray(int trials)
    {
        var bits = new ulong[(trials + 63) / 64];
        UnionInto(bits);
        return bits;
    }
}
