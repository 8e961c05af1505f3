using System.Text.Json;

namespace HilRig.VirtualBoard.Probe;

/// <summary>One request line: <c>{"id":7,"request":"read_ap","arguments":[252]}</c>, arguments optional.</summary>
internal readonly record struct ProbeRequest(long Id, string Name, JsonElement Arguments)
{
    /// <exception cref="ProbeRefusalException">The line is no request; the text is pyOCD's own server's.</exception>
    public static ProbeRequest Parse(JsonElement line)
    {
        if (line.ValueKind != JsonValueKind.Object) throw Malformed("invalid request format");
        if (!line.TryGetProperty("id", out var id) || id.ValueKind != JsonValueKind.Number || !id.TryGetInt64(out var number)) throw Malformed("missing request ID");
        if (!line.TryGetProperty("request", out var name) || name.ValueKind != JsonValueKind.String) throw Malformed("missing request field");
        if (line.TryGetProperty("arguments", out var arguments) && arguments.ValueKind != JsonValueKind.Array) throw Malformed("invalid request arguments format");
        return new ProbeRequest(number, name.GetString()!, arguments);
    }

    public uint Word(int index) => IsWord(Argument(index), out var word) ? word : throw Malformed($"argument {index} of {Name} is no 32-bit number");

    public uint[] Words(int index)
    {
        var list = Argument(index);
        if (list.ValueKind != JsonValueKind.Array) throw Malformed($"argument {index} of {Name} is no list");
        var words = new uint[list.GetArrayLength()];
        for (var i = 0; i < words.Length; i++)
            words[i] = IsWord(list[i], out var word) ? word : throw Malformed($"element {i} of argument {index} of {Name} is no 32-bit number");
        return words;
    }

    public bool Flag(int index) => Argument(index).ValueKind == JsonValueKind.True;

    public string Text(int index) => Argument(index).ValueKind == JsonValueKind.String ? Argument(index).GetString()! : throw Malformed($"argument {index} of {Name} is no text");

    private JsonElement Argument(int index) =>
        Arguments.ValueKind == JsonValueKind.Array && index < Arguments.GetArrayLength()
            ? Arguments[index]
            : throw Malformed("malformed request; invalid number of arguments");

    private static bool IsWord(JsonElement element, out uint word)
    {
        word = 0;
        return element.ValueKind == JsonValueKind.Number && element.TryGetUInt32(out word);
    }

    private static ProbeRefusalException Malformed(string message) => new(ProbeStatus.Error, message);
}
