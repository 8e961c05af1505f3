using System.Numerics;

namespace HilRig.Analysis.Triggers;

/// <summary>Sets of trials as bits.</summary>
public static class TrialBits
{
    /// <summary>The set of those trials, by position, that satisfy the predicate.</summary>
    public static ulong[] Where(int trials, Func<int, bool> predicate)
    {
        var bits = new ulong[(trials + 63) / 64];
        for (var i = 0; i < trials; i++)
        {
            if (predicate(i))
                bits[i / 64] |= 1UL << (i % 64);
        }
        return bits;
    }

    public static int Count(ReadOnlySpan<ulong> bits)
    {
        var count = 0;
        foreach (var word in bits)
            count += BitOperations.PopCount(word);
        return count;
    }

    /// <summary>How many trials are in both sets.</summary>
    public static int Count(ReadOnlySpan<ulong> one, ReadOnlySpan<ulong> other)
    {
        var count = 0;
        for (var i = 0; i < one.Length; i++)
            count += BitOperations.PopCount(one[i] & other[i]);
        return count;
    }

    /// <summary>How many trials are in all three sets.</summary>
    public static int Count(ReadOnlySpan<ulong> one, ReadOnlySpan<ulong> other, ReadOnlySpan<ulong> third)
    {
        var count = 0;
        for (var i = 0; i < one.Length; i++)
            count += BitOperations.PopCount(one[i] & other[i] & third[i]);
        return count;
    }

    /// <summary>The trials that are in both sets.</summary>
    public static ulong[] Intersection(ReadOnlySpan<ulong> one, ReadOnlySpan<ulong> other)
    {
        var intersection = one.ToArray();
        for (var i = 0; i < intersection.Length; i++)
            intersection[i] &= other[i];
        return intersection;
    }

    /// <summary>The trials that are in all of these sets as well.</summary>
    public static ulong[] Intersection(ReadOnlySpan<ulong> bits, IEnumerable<TrialSet> allOf)
    {
        var intersection = bits.ToArray();
        foreach (var set in allOf)
            set.IntersectInto(intersection);
        return intersection;
    }

    /// <summary>The trials that are not in all of these sets.</summary>
    public static ulong[] Without(ReadOnlySpan<ulong> bits, IEnumerable<TrialSet> allOf)
    {
        var rest = Intersection(bits, allOf);
        for (var i = 0; i < rest.Length; i++)
            rest[i] = bits[i] & ~rest[i];
        return rest;
    }
}
