using System.Buffers;
using System.Text.Json;

namespace HilRig.VirtualBoard.Probe;

/// <summary>Response lines: <c>{"id":7,"status":0,"result":…}</c>, or <c>"error"</c> in place of <c>"result"</c>.</summary>
internal sealed class ProbeResponse : IDisposable
{
    private readonly ArrayBufferWriter<byte> buffer = new(4096);
    private readonly Utf8JsonWriter json;

    public ProbeResponse() => json = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });

    public ReadOnlyMemory<byte> Success(long id, object? result)
    {
        Begin(id, ProbeStatus.Ok);
        if (result is not null)
        {
            json.WritePropertyName("result");
            Write(result);
        }

        return End();
    }

    public ReadOnlyMemory<byte> Refusal(long id, ProbeRefusalException refusal)
    {
        Begin(id, refusal.Status);
        json.WriteString("error", refusal.Message);
        return End();
    }

    public void Dispose() => json.Dispose();

    private void Begin(long id, ProbeStatus status)
    {
        buffer.ResetWrittenCount();
        json.Reset();
        json.WriteStartObject();
        json.WriteNumber("id", id);
        json.WriteNumber("status", (int)status);
    }

    private ReadOnlyMemory<byte> End()
    {
        json.WriteEndObject();
        json.Flush();
        buffer.Write("\n"u8);
        return buffer.WrittenMemory;
    }

    private void Write(object result)
    {
        switch (result)
        {
            case uint word: json.WriteNumberValue(word); break;
            case bool flag: json.WriteBooleanValue(flag); break;
            case string text: json.WriteStringValue(text); break;
            case string[] texts:
                json.WriteStartArray();
                foreach (var text in texts) json.WriteStringValue(text);
                json.WriteEndArray();
                break;
            case ArraySegment<uint> words:
                json.WriteStartArray();
                foreach (var word in words.AsSpan()) json.WriteNumberValue(word);
                json.WriteEndArray();
                break;
            default: throw new ArgumentException($"a {result.GetType()} has no form in the probe protocol", nameof(result));
        }
    }
}
