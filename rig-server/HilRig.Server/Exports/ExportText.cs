using System.Xml;

namespace HilRig.Server.Exports;

/// <summary>What a board sent may hold anything; a report must stay one that its readers can read.</summary>
internal static class ExportText
{
    /// <summary>XML 1.0 knows no control characters and no lone surrogates.</summary>
    public static string ForXml(string text) => text.All(XmlConvert.IsXmlChar)
        ? text
        : string.Concat(text.Select(character => XmlConvert.IsXmlChar(character) ? character : '\uFFFD'));

    /// <summary>RFC 4180; a cell that a spreadsheet would take for a formula begins with an apostrophe.</summary>
    public static string ForCsv(string text)
    {
        var safe = text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? $"'{text}" : text;
        return safe.AsSpan().IndexOfAny("\",\r\n") < 0 ? safe : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
