using System.Globalization;
using HilRig.Model.Runs;

namespace HilRig.Analysis.Triggers;

/// <summary>The conditions of a step's trials as they come: a bit a trial for each value that occurred.</summary>
/// <remarks>A trial costs one step a condition, whatever the history. A condition that was not known did not hold.</remarks>
internal sealed class TrialTable
{
    private readonly Dictionary<string, Seen?> conditions = [];

    public int Trials { get; private set; }

    /// <summary>Takes the next trial and returns its position.</summary>
    public int Add(IReadOnlyDictionary<string, string> held, IReadOnlyList<KeyValuePair<string, string>> more)
    {
        var trial = Trials++;
        foreach (var (name, value) in held)
            Add(trial, name, value);
        foreach (var (name, value) in more)
            Add(trial, name, value);
        return trial;
    }

    private void Add(int trial, string name, string value)
    {
        if (value == "unknown" || Of(name) is not { } seen)
            return;
        if (seen.Definition.Kind is ConditionKind.Category)
            SetOf(seen.Values, value).Add(trial);
        else if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            SetOf(seen.Counts, OriginOf(name) is ConditionOrigin.Elapsed ? count : Bound(count)).Add(trial);
    }

    /// <summary>Every condition that occurred, to be read until the next trial comes: in the vocabulary's own order, then the sequence's parameters by name, so that equal evidence is ranked alike.</summary>
    public IReadOnlyList<ConditionColumn> Columns()
    {
        var columns = new List<ConditionColumn>();
        foreach (var seen in conditions.Values.OfType<Seen>().OrderBy(seen => Place(seen.Definition.Name)).ThenBy(seen => seen.Definition.Name, StringComparer.Ordinal))
        {
            foreach (var (value, trials) in seen.Values.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                columns.Add(Column(seen.Definition, "=", value, trials.AsSet()));
            var begin = seen.Counts.Values.Select(trials => trials.From).DefaultIfEmpty().Min();
            var held = new ulong[(Trials + 63) / 64 - begin];
            foreach (var (bound, trials) in seen.Counts.Reverse())
            {
                trials.UnionInto(held, begin);
                columns.Add(Column(seen.Definition, ">=", $"{bound}", new TrialSet(begin, [.. held])));
            }
        }
        return columns;
    }

    /// <summary>Null for a name that nobody may blame; the vocabulary is asked once a name.</summary>
    private Seen? Of(string name)
    {
        if (!conditions.TryGetValue(name, out var seen))
            conditions[name] = seen = ConditionVocabulary.Find(name) is { } definition ? new Seen(definition) : null;
        return seen;
    }

    private static int Place(string name)
    {
        for (var place = 0; place < ConditionVocabulary.All.Count; place++)
        {
            if (ConditionVocabulary.All[place].Name == name)
                return place;
        }
        return int.MaxValue;
    }

    private static ConditionColumn Column(ConditionDefinition definition, string relation, string value, TrialSet held)
    {
        var origin = OriginOf(definition.Name);
        return new ConditionColumn(definition.Name, definition.Name + relation + value, origin, origin is ConditionOrigin.State ? 0 : 1, held)
        {
            Sentence = string.Format(CultureInfo.InvariantCulture, definition.Sentence, value),
        };
    }

    private static ConditionOrigin OriginOf(string name) =>
        ConditionVocabulary.IsPlaceOrHour(name) ? ConditionOrigin.PlaceOrHour : name == ConditionVocabulary.SecondsSinceReset ? ConditionOrigin.Elapsed : ConditionOrigin.State;

    private static GrowingBits SetOf<T>(IDictionary<T, GrowingBits> sets, T value) =>
        sets.TryGetValue(value, out var set) ? set : sets[value] = new GrowingBits();

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

        public Dictionary<string, GrowingBits> Values { get; } = [];

        public SortedDictionary<int, GrowingBits> Counts { get; } = [];
    }
}
