using HilRig.Model;
using HilRig.Server.Storage;

namespace HilRig.Server.Api;

/// <summary>A word of a list in a query, written as it stands in JSON.</summary>
internal static class QueryWord
{
    /// <summary>Null for none. Throws <see cref="BadInputException"/> that names the field and the words that there are.</summary>
    public static T? Of<T>(string field, string? text) where T : struct, Enum
    {
        if (string.IsNullOrEmpty(text))
            return null;
        foreach (var value in Enum.GetValues<T>())
        {
            if (StoredText.ToText(value) == text)
                return value;
        }
        throw new BadInputException($"{field}: `{text}` is not known; {string.Join(", ", Enum.GetValues<T>().Select(StoredText.ToText))} are");
    }
}
