using System.Collections.Frozen;

namespace HilRig.Kboot;

/// <summary>Words for status words.</summary>
public static class StatusCodes
{
    private static readonly FrozenDictionary<StatusCode, StatusMeaning> Known = StatusCatalogue.All.ToFrozenDictionary(meaning => meaning.Status);

    /// <summary>For example <c>kStatusMemoryCumulativeWrite</c>; an unknown word reads <c>status-12345</c>.</summary>
    public static string ToManualName(this StatusCode status) => Known.TryGetValue(status, out var meaning) ? meaning.Name : $"status-{(uint)status}";

    /// <summary>One sentence that helps whoever meets it; of an unknown word, its group and number.</summary>
    public static string Explain(this StatusCode status) => Known.TryGetValue(status, out var meaning)
        ? meaning.Meaning
        : $"Not a status of KBOOT 2.0: group {(uint)status / 100}, code {(uint)status % 100}.";
}
