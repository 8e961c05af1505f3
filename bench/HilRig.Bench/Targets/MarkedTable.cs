namespace HilRig.Bench.Targets;

/// <summary>A table in a document that a command writes, between two comments that mark it.</summary>
internal static class MarkedTable
{
    public static void Write(string file, string name, string table)
    {
        var (open, close) = ($"<!-- {name}: begin -->", $"<!-- {name}: end -->");
        var text = File.ReadAllText(file);
        var (begin, end) = (text.IndexOf(open, StringComparison.Ordinal), text.IndexOf(close, StringComparison.Ordinal));
        if (begin < 0 || end < begin)
            throw new InvalidDataException($"{file}: no `{open}` followed by `{close}`");
        File.WriteAllText(file, $"{text[..begin]}{open}\n{table}\n{text[end..]}");
    }
}
