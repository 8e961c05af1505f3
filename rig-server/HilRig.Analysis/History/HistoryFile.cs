using System.Globalization;
using HilRig.Model;
using HilRig.Model.Sequences;

namespace HilRig.Analysis.History;

/// <summary>Reads a history CSV, and refuses in words what it cannot be sure of.</summary>
public static class HistoryFile
{
    private static readonly string[] Columns =
    [
        "row", "night", "release", "agent", "board", "cycle", "seq", "step_idx", "step", "phase", "t_s", "image", "size_kb", "baud",
        "upd_since_reset", "t_since_reset_s", "cycles_since_power", "last_reset", "same_image", "outcome", "fingerprint", "witness",
    ];

    /// <summary>All rows, in file order; time never goes backwards on a board. Throws <see cref="BadInputException"/>.</summary>
    /// <param name="name">What errors call the file.</param>
    public static IReadOnlyList<HistoryRow> Read(TextReader reader, string name)
    {
        var positions = ReadHeader(reader.ReadLine(), name);
        var words = new WordPool();
        var order = new HistoryOrder(name);
        var rows = new List<HistoryRow>();
        var cells = new Range[Columns.Length + 1];
        long line = 1;
        while (reader.ReadLine() is { } text)
        {
            line++;
            if (text.Length == 0)
                continue;
            var found = text.AsSpan().Split(cells, ',');
            if (found != Columns.Length)
                throw BadInputException.At(name, line, 1, $"{(found > Columns.Length ? "more than " : "")}{Math.Min(found, Columns.Length)} fields, expected {Columns.Length}: a field is missing, or a comma stands inside one");
            var row = new RowReader(name, line, text, cells, positions, words).ToRow();
            order.Check(row, line);
            rows.Add(row);
        }
        return rows.Count > 0 ? rows : throw new BadInputException($"{name}: no rows after the header; there is nothing to analyse");
    }

    /// <summary>Where each known column stands in this file's rows.</summary>
    private static int[] ReadHeader(string? header, string name)
    {
        if (string.IsNullOrWhiteSpace(header))
            throw new BadInputException($"{name}: empty; the first line must name the columns: {string.Join(',', Columns)}");
        var found = header.TrimStart('\uFEFF').Split(',', StringSplitOptions.TrimEntries);
        foreach (var (index, column) in found.Index())
        {
            if (!Columns.Contains(column))
                throw BadInputException.At(name, 1, index + 1, $"unknown column `{column}`; {Suggestion.For(column, Columns)}");
            if (Array.IndexOf(found, column) < index)
                throw BadInputException.At(name, 1, index + 1, $"column `{column}` stands twice; keep one");
        }
        var missing = Columns.Except(found).ToList();
        return missing.Count == 0
            ? [.. Columns.Select(column => Array.IndexOf(found, column))]
            : throw BadInputException.At(name, 1, 1, $"missing {(missing.Count == 1 ? "column" : "columns")} `{string.Join("`, `", missing)}`; expected {string.Join(',', Columns)}");
    }

    /// <summary>Takes one line apart; columns in the order of <see cref="Columns"/>.</summary>
    private readonly ref struct RowReader(string name, long line, string text, Range[] cells, int[] positions, WordPool words)
    {
        public HistoryRow ToRow()
        {
            var failed = OneOf(19, "fail", "pass");
            var fingerprint = Word(20);
            if (failed != (fingerprint.Length > 0))
                throw Refuse(20, failed ? "a failing step without a fingerprint; expected the status code, TIMEOUT or NO_ACK" : $"a passing step with the fingerprint `{fingerprint}`; expected none");
            Whole(0);
            return new HistoryRow(
                Whole(1), Named(2), Named(3), Named(4), Whole(5), Named(6), Whole(7), Named(8), OneOf(9, "rec", "run"), Number(10), Word(11), Whole(12), Named(13),
                Whole(14), Number(15), Whole(16), Named(17), words.Get(OneOf(18, "1", "0") ? "1" : "0"), failed ? fingerprint : null, OneOf(21, "1", "0"));
        }

        private ReadOnlySpan<char> Cell(int column) => text.AsSpan(cells[positions[column]]).Trim();

        private string Word(int column) => words.Get(Cell(column));

        private string Named(int column) => Word(column) is { Length: > 0 } word ? word : throw Refuse(column, "empty; expected a value");

        private bool OneOf(int column, string yes, string no) =>
            Cell(column) is var cell && cell.SequenceEqual(yes) ? true
            : cell.SequenceEqual(no) ? false
            : throw Refuse(column, $"`{cell}`; expected `{no}` or `{yes}`");

        private int Whole(int column) =>
            int.TryParse(Cell(column), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
                ? value
                : throw Refuse(column, $"`{Cell(column)}`; expected a whole number, 0 or more");

        private double Number(int column) =>
            double.TryParse(Cell(column), NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
                ? value
                : throw Refuse(column, $"`{Cell(column)}`; expected seconds, 0 or more");

        private BadInputException Refuse(int column, string message) =>
            BadInputException.At(name, line, positions[column] + 1, $"{Columns[column]}: {message}");
    }

    /// <summary>One string for each word of the file, however often it stands there.</summary>
    private sealed class WordPool
    {
        private readonly Dictionary<string, string> words = [];

        public string Get(ReadOnlySpan<char> text)
        {
            var lookup = words.GetAlternateLookup<ReadOnlySpan<char>>();
            if (lookup.TryGetValue(text, out var word))
                return word;
            word = text.ToString();
            words.Add(word, word);
            return word;
        }
    }
}
