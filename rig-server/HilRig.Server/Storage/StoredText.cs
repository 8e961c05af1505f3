using System.Collections.Frozen;
using System.Text.Json;
using HilRig.Model.Runs;

namespace HilRig.Server.Storage;

/// <summary>How values stand in a database column.</summary>
public static class StoredText
{
    public static string ToJson<T>(T value) => JsonSerializer.Serialize(value, RunJson.Options);

    public static T FromJson<T>(string text) =>
        JsonSerializer.Deserialize<T>(text, RunJson.Options) ?? throw new InvalidDataException($"a stored {typeof(T).Name} is null");

    /// <summary>Kebab-case, as in JSON.</summary>
    public static string ToText<T>(T value) where T : struct, Enum => Names<T>.Texts[value];

    public static T ToEnum<T>(string text) where T : struct, Enum => Names<T>.Values[text];

    public static bool TryToEnum<T>(string text, out T value) where T : struct, Enum => Names<T>.Values.TryGetValue(text, out value);

    /// <summary>PostgreSQL holds no NUL in a text, and a board may have sent one.</summary>
    public static string ToColumn(string text) => text.Replace('\0', '\uFFFD');

    /// <summary>Nanoseconds since 1970 UTC; exact, since .NET counts in steps of 100 ns.</summary>
    public static long ToNanoseconds(DateTimeOffset at) => (at.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) * 100;

    public static DateTimeOffset ToTime(long nanoseconds) => new(DateTimeOffset.UnixEpoch.Ticks + (nanoseconds / 100), TimeSpan.Zero);

    /// <summary>Both ways once for all: these stand in every row.</summary>
    private static class Names<T> where T : struct, Enum
    {
        public static readonly FrozenDictionary<T, string> Texts = Enum.GetValues<T>().ToFrozenDictionary(value => value, value => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString()));
        public static readonly FrozenDictionary<string, T> Values = Texts.ToFrozenDictionary(pair => pair.Value, pair => pair.Key);
    }
}
