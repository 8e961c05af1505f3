using System.Globalization;
using HilRig.Model.Runs;

namespace HilRig.Analysis.Flags;

/// <summary>How often each value of each condition was seen among some trials, and a hash of the set of trials that had it.</summary>
/// <remarks>Sums only: adding a trial costs one step a condition, whatever the history.</remarks>
internal sealed class ConditionTally
{
    private readonly Dictionary<string, Seen?> conditions = [];

    /// <summary>Conditions of which anything was known.</summary>
    public IEnumerable<ConditionDefinition> Known => conditions.Values.OfType<Seen>().Where(seen => seen.Trials.Count > 0).Select(seen => seen.Definition);

    public void Add(StepSample sample, ulong trialHash)
    {
        foreach (var (name, value) in sample.Conditions)
        {
            if (value == "unknown" || Of(name) is not { } seen)
                continue;
            if (seen.Definition.Kind is ConditionKind.Category)
                seen.Values[value] = seen.Values.GetValueOrDefault(value).With(trialHash);
            else if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
                seen.Counts[Bound(count)] = seen.Counts.GetValueOrDefault(Bound(count)).With(trialHash);
            else
                continue;
            seen.Trials = seen.Trials.With(trialHash);
        }
    }

    /// <summary>Trials of which the condition was known.</summary>
    public TrialSet KnownOf(string condition) => conditions.GetValueOrDefault(condition)?.Trials ?? default;

    /// <summary>Trials that had this value.</summary>
    public TrialSet Having(string condition, string value) => conditions.GetValueOrDefault(condition)?.Values.GetValueOrDefault(value) ?? default;

    /// <summary>Trials whose count was at least this.</summary>
    public TrialSet AtLeast(string condition, int bound)
    {
        var sum = default(TrialSet);
        foreach (var (count, trials) in conditions.GetValueOrDefault(condition)?.Counts ?? [])
        {
            if (count >= bound)
                sum = sum.With(trials);
        }
        return sum;
    }

    public IEnumerable<string> Values(string condition) => conditions.GetValueOrDefault(condition)?.Values.Keys ?? Enumerable.Empty<string>();

    public IEnumerable<int> Bounds(string condition) => conditions.GetValueOrDefault(condition)?.Counts.Keys ?? Enumerable.Empty<int>();

    /// <summary>Null for a name that nobody may blame; the vocabulary is asked once a name.</summary>
    private Seen? Of(string name)
    {
        if (!conditions.TryGetValue(name, out var seen))
            conditions[name] = seen = ConditionVocabulary.Find(name) is { } definition ? new Seen(definition) : null;
        return seen;
    }

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

    /// <summary>What was seen of one condition.</summary>
    private sealed class Seen(ConditionDefinition definition)
    {
        public ConditionDefinition Definition => definition;

        public Dictionary<string, TrialSet> Values { get; } = [];

        public SortedDictionary<int, TrialSet> Counts { get; } = [];

        public TrialSet Trials { get; set; }
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
