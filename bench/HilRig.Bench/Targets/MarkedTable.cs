namespace HilRig.Bench.Targets;

/// <summary>A table in a document that a command writes, between two comments that mark it.</summary>
internal static class MarkedTable
{
    public static void Write(string file, string name, string table)
    {
        var (text, begin, end) = Find(file, name);
        File.WriteAllText(file, $"{text[..begin]}\n{table}\n{text[end..]}");
    }

    /// <summary>What stands there now.</summary>
    public static string Read(string file, string name)
    {
        var (text, begin, end) = Find(file, name);
        return text[begin..end];
    }

    private static (string Text, int Begin, int End) Find(string file, string name)
    {
        var (open, close) = ($"<!-- {name}: begin -->", $"<!-- {name}: end -->");
        var text = File.ReadAllText(file);
        var (begin, end) = (text.IndexOf(open, StringComparison.Ordinal), text.IndexOf(close, StringComparison.Ordinal));
        return begin < 0 || end < begin ? throw new InvalidDataException($"{file}: no `{open}` followed by `{close}`") : (text, begin + open.Length, end);
    }
}
