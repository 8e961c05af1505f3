using System.Numerics;

namespace HilRig.Analysis.Triggers;

/// <summary>A set of trials as bits, from the first of its words that is not empty: most values of a condition occur in a stretch of the history only.</summary>
/// <param name="from">The word of trial 64 × <paramref name="from"/>; those before it are empty.</param>
/// <param name="words">A bit a trial; those behind it are empty. Not copied.</param>
public sealed class TrialSet(int from, ulong[] words)
{
    /// <summary>The set of those trials, by position, that satisfy the predicate.</summary>
    public static TrialSet Where(int trials, Func<int, bool> predicate) => new(0, TrialBits.Where(trials, predicate));

    public bool Contains(int trial) => trial / 64 - from is var word && word >= 0 && word < words.Length && (words[word] >> (trial % 64) & 1) != 0;

    /// <summary>How many of them are among these trials.</summary>
    public int Count(ReadOnlySpan<ulong> trials) => TrialBits.Count(Within(trials), words);

    /// <summary>How many of them are in both of these sets as well.</summary>
    public int Count(ReadOnlySpan<ulong> one, ReadOnlySpan<ulong> other) => TrialBits.Count(Within(one), Within(other), words);

    /// <summary>How many of these trials are in this set and in the other.</summary>
    public int Count(ReadOnlySpan<ulong> trials, TrialSet other)
    {
        var (begin, end) = (Math.Max(from, other.From), Math.Min(Math.Min(End, other.End), trials.Length));
        return begin < end ? TrialBits.Count(trials[begin..end], words.AsSpan(begin - from), other.Words[(begin - other.From)..]) : 0;
    }

    /// <summary>Takes out of these trials all that are not in the set.</summary>
    public void IntersectInto(Span<ulong> trials)
    {
        trials[..Math.Min(from, trials.Length)].Clear();
        var within = Within(trials);
        for (var i = 0; i < within.Length; i++)
            trials[from + i] &= words[i];
        trials[Math.Min(End, trials.Length)..].Clear();
    }

    /// <summary>Which of the failing trials are in it, closed up: bit i is the i-th of them.</summary>
    public ulong[] Among(ReadOnlySpan<ulong> failing, int failures)
    {
        var among = new ulong[(failures + 63) / 64];
        var position = 0;
        for (var word = 0; word < failing.Length; word++)
        {
            var held = word >= from && word < End ? words[word - from] : 0;
            if (held == 0)
            {
                position += BitOperations.PopCount(failing[word]);
                continue;
            }
            for (var rest = failing[word]; rest != 0; rest &= rest - 1, position++)
            {
                if ((held & (rest & (~rest + 1))) != 0)
                    among[position / 64] |= 1UL << (position % 64);
            }
        }
        return among;
    }

    private int From => from;

    private int End => from + words.Length;

    private ReadOnlySpan<ulong> Words => words;

    private ReadOnlySpan<ulong> Within(ReadOnlySpan<ulong> trials) => from < trials.Length ? trials[from..Math.Min(End, trials.Length)] : [];
}
