using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace HilRig.Server.Storage;

/// <summary>The text of a JSON object or array that is being read: from where the reader stands now to where it then stands.</summary>
internal readonly ref struct JsonText
{
    private readonly Utf8JsonReader start;

    public JsonText(ref Utf8JsonReader reader) => start = reader;

    /// <summary>Ends with the token at which <paramref name="reader"/> stands.</summary>
    public string UpTo(scoped in Utf8JsonReader reader)
    {
        var length = reader.TokenStartIndex + 1 - start.TokenStartIndex;
        ref var first = ref MemoryMarshal.GetReference(start.ValueSpan);
        // The reader shows no more than its token; what lies between two tokens of one piece of memory is the text itself.
        if (length <= int.MaxValue && Unsafe.AreSame(ref Unsafe.Add(ref first, (nint)length - 1), ref MemoryMarshal.GetReference(reader.ValueSpan)))
            return Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpan(ref first, (int)length));
        var again = start;
        using var document = JsonDocument.ParseValue(ref again);
        return document.RootElement.GetRawText();
    }

    /// <summary>The string that comes next; <paramref name="likely"/> itself where it is that one.</summary>
    public static string? String(ref Utf8JsonReader reader, string? likely)
    {
        reader.Read();
        return likely is not null && reader.TokenType is JsonTokenType.String && reader.ValueTextEquals(likely) ? likely : reader.GetString();
    }

    public static long Long(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.GetInt64();
    }

    public static int Int(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.GetInt32();
    }

    public static T Enum<T>(ref Utf8JsonReader reader) where T : struct, Enum
    {
        reader.Read();
        return reader.GetString() is { } text && StoredText.TryToEnum<T>(text, out var value) ? value : throw new JsonException($"`{reader.GetString()}` is no {typeof(T).Name}");
    }
}
