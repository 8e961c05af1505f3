using HilRig.Model;

namespace HilRig.Bench.Targets;

/// <summary>A table in a document that a command writes, between two comments that mark it.</summary>
internal static class MarkedTable
{
    /// <summary>Throws <see cref="BadInputException"/> for a document that could not be written; asked before hours are spent. Null is none.</summary>
    public static void Require(string? file, string name)
    {
        if (file is null)
            return;
        if (!File.Exists(file))
            throw new BadInputException($"--write {file}: there is no such document; name one that is there, with the two marks of `{name}` in it");
        if (!Has(File.ReadAllText(file), name))
            throw new BadInputException($"--write {file}: it has no `{Open(name)}` followed by `{Close(name)}`, between which the table goes");
    }

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

    private static string Open(string name) => $"<!-- {name}: begin -->";

    private static string Close(string name) => $"<!-- {name}: end -->";

    private static bool Has(string text, string name) => text.IndexOf(Open(name), StringComparison.Ordinal) is >= 0 and var begin && text.IndexOf(Close(name), StringComparison.Ordinal) > begin;

    private static (string Text, int Begin, int End) Find(string file, string name)
    {
        var text = File.ReadAllText(file);
        return Has(text, name)
            ? (text, text.IndexOf(Open(name), StringComparison.Ordinal) + Open(name).Length, text.IndexOf(Close(name), StringComparison.Ordinal))
            : throw new InvalidDataException($"{file}: no `{Open(name)}` followed by `{Close(name)}`");
    }
}
