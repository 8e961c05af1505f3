using System.Globalization;

namespace HilRig.Analysis.Reproducers;

/// <summary>A way of making a board fail that is tried: which of the steps before the failing one are kept, and which values are simplified.</summary>
/// <param name="Steps">A bit a step of <see cref="FailingCycle.Before"/>.</param>
/// <param name="Rungs">How far down its ladder each value of <see cref="FailingCycle.Values"/> is; those as they were are left out.</param>
public sealed record Candidate(ulong Steps, IReadOnlyDictionary<int, int> Rungs)
{
    private static readonly IReadOnlyDictionary<int, int> AsItWas = new Dictionary<int, int>();

    /// <summary>These steps, with every value as it was.</summary>
    public Candidate(ulong steps) : this(steps, AsItWas)
    {
    }

    /// <summary>The same with one value simplified so far.</summary>
    public Candidate With(int value, int rung) => this with { Rungs = new SortedDictionary<int, int>(Rungs.ToDictionary()) { [value] = rung } };

    public int RungOf(int value) => Rungs.GetValueOrDefault(value);

    public bool Equals(Candidate? other) => other is not null && ToString() == other.ToString();

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>As logs and names of files have it: <c>1f</c>, or <c>1f-3.2</c> where value 3 is two rungs down.</summary>
    public override string ToString() =>
        string.Join('-', Rungs.Where(rung => rung.Value > 0).OrderBy(rung => rung.Key).Select(rung => string.Create(CultureInfo.InvariantCulture, $"{rung.Key}.{rung.Value}")).Prepend(Steps.ToString("x", CultureInfo.InvariantCulture)));

    /// <summary>Reads what <see cref="ToString"/> writes; null where it is none.</summary>
    public static Candidate? Parse(string text)
    {
        if (text.Split('-') is not [var mask, .. var rungs] || !ulong.TryParse(mask, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var steps))
            return null;
        var candidate = new Candidate(steps);
        foreach (var rung in rungs)
        {
            if (rung.Split('.') is not [var value, var count]
                || !int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                || !int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var down))
                return null;
            candidate = candidate.With(index, down);
        }
        return candidate;
    }
}
