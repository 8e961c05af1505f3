using System.Globalization;
using HilRig.Model.Runs;

namespace HilRig.Analysis.Flags;

/// <summary>How often each value of each condition was seen among some trials, and a hash of the set of trials that had it.</summary>
/// <remarks>Sums only: adding a trial costs one step a condition, whatever the history.</remarks>
internal sealed class ConditionTally
{
    private static readonly ConditionDefinition[] Vocabulary = [.. ConditionVocabulary.All];
    private readonly Dictionary<string, TrialSet>[] values = [.. Vocabulary.Select(_ => new Dictionary<string, TrialSet>())];
    private readonly SortedDictionary<int, TrialSet>[] counts = [.. Vocabulary.Select(_ => new SortedDictionary<int, TrialSet>())];
    private readonly TrialSet[] known = new TrialSet[Vocabulary.Length];

    public void Add(StepSample sample, ulong trialHash)
    {
        for (var i = 0; i < Vocabulary.Length; i++)
        {
            if (!sample.Conditions.TryGetValue(Vocabulary[i].Name, out var value) || value == "unknown")
                continue;
            if (Vocabulary[i].Kind is ConditionKind.Category)
                values[i][value] = values[i].GetValueOrDefault(value).With(trialHash);
            else if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
                counts[i][Bound(count)] = counts[i].GetValueOrDefault(Bound(count)).With(trialHash);
            else
                continue;
            known[i] = known[i].With(trialHash);
        }
    }

    /// <summary>Trials of which the condition was known.</summary>
    public TrialSet Known(int condition) => known[condition];

    /// <summary>Trials that had this value.</summary>
    public TrialSet Having(int condition, string value) => values[condition].GetValueOrDefault(value);

    /// <summary>Trials whose count was at least this.</summary>
    public TrialSet AtLeast(int condition, int bound)
    {
        var sum = default(TrialSet);
        foreach (var (count, trials) in counts[condition])
        {
            if (count >= bound)
                sum = sum.With(trials);
        }
        return sum;
    }

    public IEnumerable<string> Values(int condition) => values[condition].Keys;

    public IEnumerable<int> Bounds(int condition) => counts[condition].Keys;

    /// <summary>Counts above 10 are pooled in steps of a quarter, so that an unbroken night does not grow the table.</summary>
    private static int Bound(int count)
    {
        if (count <= 10)
            return count;
        var bound = 10;
        while (bound + bound / 4 <= count)
            bound += bound / 4;
        return bound;
    }
}

/// <summary>A set of trials as its size and the sum of its members' hashes: equal sets are equal, others as good as never.</summary>
internal readonly record struct TrialSet(int Count, ulong Hash)
{
    public TrialSet With(ulong trialHash) => new(Count + 1, Hash + trialHash);

    public TrialSet With(TrialSet other) => new(Count + other.Count, Hash + other.Hash);

    /// <summary>A well-mixed number for the nth trial (the finaliser of SplitMix64).</summary>
    public static ulong HashOf(ulong trial)
    {
        var mixed = (trial + 1) * 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
