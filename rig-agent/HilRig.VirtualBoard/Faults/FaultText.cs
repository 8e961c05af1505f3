using System.Globalization;

namespace HilRig.VirtualBoard.Faults;

/// <summary>One fault as a person writes it: <c>name:key=value,key=value</c>.</summary>
public sealed class FaultText
{
    private readonly Dictionary<string, string> parameters = [];
    private readonly HashSet<string> asked = [];

    private FaultText(string name) => Name = name;

    public string Name { get; }

    public static FaultText Parse(string text)
    {
        var parts = text.Trim().Split(':', 2);
        var fault = new FaultText(parts[0]);
        foreach (var pair in (parts.Length > 1 ? parts[1] : "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var (key, value) = pair.Split('=', 2) is [var left, var right] ? (left, right) : (pair, "");
            if (value.Length == 0 || !fault.parameters.TryAdd(key, value))
                throw new UsageException($"--fault {text}: '{pair}' is no key=value that stands once; write {parts[0]}:key=value,key=value");
        }
        return fault;
    }

    /// <summary>A number of any size, 0x allowed.</summary>
    public long Number(string key, long otherwise, long min = 0, long max = uint.MaxValue)
    {
        if (Text(key) is not { } text)
            return otherwise;
        var isHex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        if (!long.TryParse(isHex ? text[2..] : text, isHex ? NumberStyles.HexNumber : NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            || number < min || number > max)
            throw Bad(key, text, $"a whole number from {min} to {max}");
        return number;
    }

    /// <summary>A real number.</summary>
    public double Real(string key, double otherwise, double min = 0, double max = 1)
    {
        if (Text(key) is not { } text)
            return otherwise;
        if (!double.TryParse(text, CultureInfo.InvariantCulture, out var number) || !(number >= min && number <= max))
            throw Bad(key, text, $"a number from {min} to {max}");
        return number;
    }

    /// <summary>One of a few words; the first is the default.</summary>
    public string Word(string key, params string[] words)
    {
        var text = Text(key) ?? words[0];
        return words.Contains(text) ? text : throw Bad(key, text, string.Join(" or ", words));
    }

    public TimeSpan Milliseconds(string key, double otherwise) => TimeSpan.FromMilliseconds(Real(key, otherwise, 0, 3_600_000));

    /// <summary>Throws when a parameter was given that nothing asked for.</summary>
    public void RejectUnknown()
    {
        if (parameters.Keys.FirstOrDefault(key => !asked.Contains(key)) is { } unknown)
            throw new UsageException($"--fault {Name}: no parameter '{unknown}'; it takes {(asked.Count == 0 ? "none" : string.Join(", ", asked))}");
    }

    private string? Text(string key)
    {
        asked.Add(key);
        return parameters.GetValueOrDefault(key);
    }

    private UsageException Bad(string key, string text, string expected) => new($"--fault {Name}: {key}={text} is not {expected}");
}
