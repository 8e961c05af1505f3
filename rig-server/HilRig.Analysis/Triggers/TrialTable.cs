using System.Globalization;
using HilRig.Model.Runs;

namespace HilRig.Analysis.Triggers;

/// <summary>The conditions of a step's trials as they come: a bit a trial for each value that occurred.</summary>
/// <remarks>A trial costs one step a condition, whatever the history. A condition that was not known did not hold.</remarks>
internal sealed class TrialTable
{
    private static readonly ConditionDefinition[] Vocabulary = [.. ConditionVocabulary.All];
    private readonly Dictionary<string, GrowingBits>[] values = [.. Vocabulary.Select(_ => new Dictionary<string, GrowingBits>())];
    private readonly SortedDictionary<int, GrowingBits>[] counts = [.. Vocabulary.Select(_ => new SortedDictionary<int, GrowingBits>())];

    public int Trials { get; private set; }

    /// <summary>Takes the next trial and returns its position.</summary>
    public int Add(IReadOnlyDictionary<string, string> conditions)
    {
        var trial = Trials++;
        for (var i = 0; i < Vocabulary.Length; i++)
        {
            if (!conditions.TryGetValue(Vocabulary[i].Name, out var value) || value == "unknown")
                continue;
            if (Vocabulary[i].Kind is ConditionKind.Category)
                SetOf(values[i], value).Add(trial);
            else if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
                SetOf(counts[i], Bound(count)).Add(trial);
        }
        return trial;
    }

    /// <summary>Every condition that occurred, in the order of the vocabulary.</summary>
    public IReadOnlyList<ConditionColumn> Columns()
    {
        var columns = new List<ConditionColumn>();
        for (var i = 0; i < Vocabulary.Length; i++)
        {
            var definition = Vocabulary[i];
            foreach (var (value, trials) in values[i].OrderBy(pair => pair.Key, StringComparer.Ordinal))
                columns.Add(Column(definition, "=", value, trials.ToArray(Trials)));
            var from = new ulong[(Trials + 63) / 64];
            foreach (var (bound, trials) in counts[i].Reverse())
            {
                trials.UnionInto(from);
                columns.Add(Column(definition, ">=", $"{bound}", [.. from]));
            }
        }
        return columns;
    }

    private static ConditionColumn Column(ConditionDefinition definition, string relation, string value, ulong[] held)
    {
        var isPlace = definition.Name == ConditionVocabulary.Board;
        return new ConditionColumn(definition.Name, definition.Name + relation + value, isPlace ? ConditionOrigin.PlaceOrHour : ConditionOrigin.State, isPlace ? 1 : 0, held)
        {
            Sentence = string.Format(CultureInfo.InvariantCulture, definition.Sentence, value),
        };
    }

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
}
