using System.Globalization;
using System.Text.Json;
using HilRig.Model.Runs;
using Microsoft.AspNetCore.Http;

namespace HilRig.Dashboards.Components;

/// <summary>The words of an address that say which runs a list shows; they are the API's.</summary>
public static class RunQueryText
{
    private const string Running = "running";
    private const string Ended = "ended";

    /// <summary>What is chosen from a list: its word in the address, its title, and what there is.</summary>
    public static IReadOnlyList<(string Name, string Title, IReadOnlyList<string> Words)> Choices { get; } =
    [
        ("state", "State", [Running, Ended]),
        ("verdict", "Verdict", [.. Enum.GetValues<Verdict>().Select(Word)]),
        ("layer", "Blame", [.. Enum.GetValues<Layer>().Where(layer => layer is not Layer.None).Select(Word)]),
    ];

    /// <summary>Null, and why, where a word of the address is none.</summary>
    public static RunQuery? Read(IQueryCollection? query, out string? odd)
    {
        odd = null;
        if (query is null)
            return new RunQuery();
        foreach (var (name, title, words) in Choices)
        {
            if (Text(query, name) is { } word && !words.Contains(word))
                odd = $"{title} `{word}` is not known; {string.Join(", ", words)} are.";
        }
        var (from, to) = (Time(query, "from", ref odd), Time(query, "to", ref odd));
        return odd is not null ? null : new RunQuery(
            Text(query, "cursor"), Text(query, "place"), Text(query, "release"), Text(query, "sequence"), Of<Verdict>(Text(query, "verdict")),
            from, to, Text(query, "state") switch { Running => true, Ended => false, _ => null }, Of<Layer>(Text(query, "layer")));
    }

    private static string? Text(IQueryCollection query, string name) => query[name].ToString() is { Length: > 0 } text ? text : null;

    private static DateTimeOffset? Time(IQueryCollection query, string name, ref string? odd)
    {
        if (Text(query, name) is not { } text)
            return null;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            return time;
        odd = $"`{text}` is no time; a day such as 2026-01-31 is, or a time such as 2026-01-31T22:00:00Z.";
        return null;
    }

    private static T? Of<T>(string? word) where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            if (Word(value) == word)
                return value;
        }
        return null;
    }

    private static string Word<T>(T value) where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
