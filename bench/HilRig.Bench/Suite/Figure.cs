using System.Globalization;
using System.Text.RegularExpressions;

namespace HilRig.Bench.Suite;

/// <summary>One figure that a benchmark prints: a ratio to its limit or peer.</summary>
/// <param name="What">In words; <c>{n}</c> stands for the group of that name.</param>
/// <param name="Pattern">Finds it in a line of the output; the group <c>v</c> is the number.</param>
/// <param name="Of">What it is a ratio to.</param>
/// <param name="Target">What is aimed at; null where nothing is.</param>
internal sealed record Figure(string What, string Pattern, string Of, Target? Target = null)
{
    /// <summary>A row for each line that has it; one that says so where none has.</summary>
    public IEnumerable<string> Rows(string command, IReadOnlyList<string> lines)
    {
        var found = lines.Select(line => Regex.Match(line, Pattern)).Where(match => match.Success).ToList();
        return found.Count == 0 ? [Row(command, What.Replace("{n}", "…", StringComparison.Ordinal), "not printed", "the benchmark ended well and did not print it")] : found.Select(match => Row(command, match));
    }

    /// <summary>A row without a figure, with the reason.</summary>
    public string Missing(string command, string why) => Row(command, What.Replace("{n}", "…", StringComparison.Ordinal), "–", why);

    private string Row(string command, Match match)
    {
        var text = match.Groups["v"].Value;
        var verdict = Target is null ? "" : Target.IsMet(double.Parse(text, NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture)) ? "**met**" : "**short**";
        return Row(command, What.Replace("{n}", match.Groups["n"].Value.Trim(), StringComparison.Ordinal), text, verdict);
    }

    private string Row(string command, string what, string value, string verdict) =>
        $"| `{command}` | {what} | {value} | {Of} | {Target?.InWords ?? "–"} | {verdict} |";
}

/// <summary>What a figure is to reach.</summary>
internal sealed record Target(double Limit, bool IsLeast)
{
    public static Target AtLeast(double limit) => new(limit, true);

    public static Target AtMost(double limit) => new(limit, false);

    public string InWords => FormattableString.Invariant($"{(IsLeast ? "≥" : "≤")} {Limit:0.###}");

    public bool IsMet(double value) => IsLeast ? value >= Limit : value <= Limit;
}
