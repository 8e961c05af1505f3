namespace HilRig.Server.Storage;

/// <summary>Conditions of many samples in a row: mostly the same few texts again, which are then read once and share one dictionary.</summary>
internal sealed class ConditionCache
{
    private const int Most = 1_000;
    private readonly Dictionary<string, IReadOnlyDictionary<string, string>> known = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string> Read(string json)
    {
        if (known.TryGetValue(json, out var conditions))
            return conditions;
        if (known.Count == Most)
            known.Clear();
        return known[json] = StoredText.FromJson<Dictionary<string, string>>(json);
    }
}
