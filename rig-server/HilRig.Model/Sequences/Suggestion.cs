namespace HilRig.Model.Sequences;

/// <summary>"Did you mean …" for misspelt words.</summary>
public static class Suggestion
{
    /// <summary>A half-sentence: the nearest known word, or all of them.</summary>
    public static string For(string word, IReadOnlyCollection<string> known)
    {
        var nearest = known
            .Select(candidate => (candidate, distance: Distance(word, candidate)))
            .OrderBy(pair => pair.distance)
            .FirstOrDefault();
        return nearest.candidate is { } best && nearest.distance <= Math.Max(2, word.Length / 3)
            ? $"did you mean `{best}`?"
            : known.Count == 0 ? "it takes none" : $"known: {string.Join(", ", known.Order(StringComparer.Ordinal))}";
    }

    /// <summary>Levenshtein distance.</summary>
    private static int Distance(string one, string other)
    {
        var previous = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var row = 1; row <= one.Length; row++)
        {
            var current = new int[other.Length + 1];
            current[0] = row;
            for (var column = 1; column <= other.Length; column++)
            {
                var substitution = previous[column - 1] + (one[row - 1] == other[column - 1] ? 0 : 1);
                current[column] = Math.Min(substitution, 1 + Math.Min(previous[column], current[column - 1]));
            }
            previous = current;
        }
        return previous[other.Length];
    }
}
