using System.Text.Json;
using HilRig.Model.Runs;

namespace HilRig.Server.Storage;

/// <summary>Reads the two events of a step from behind their type, as the serializer would and in half its time.</summary>
internal static class StepReader
{
    private static readonly Dictionary<string, string> NoConditions = [];
    private static readonly Dictionary<string, double> NoMeasurements = [];

    public static StepStarted Started(ref Utf8JsonReader reader)
    {
        var (cycle, index, phase) = (0, 0, default(StepPhase));
        var (name, arguments) = (default(string), default(string));
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("cycle"u8))
                cycle = JsonText.Int(ref reader);
            else if (reader.ValueTextEquals("index"u8))
                index = JsonText.Int(ref reader);
            else if (reader.ValueTextEquals("phase"u8))
                phase = JsonText.Enum<StepPhase>(ref reader);
            else if (reader.ValueTextEquals("step"u8))
                name = JsonText.String(ref reader, null);
            else if (reader.ValueTextEquals("arguments"u8))
                arguments = JsonText.String(ref reader, null);
            else
                reader.Skip();
        }
        return new StepStarted(cycle, index, phase, name!, arguments!);
    }

    /// <summary>The event, and its conditions as they were written.</summary>
    public static (StepEnded Step, string Conditions) Ended(ref Utf8JsonReader reader, JsonSerializerOptions options)
    {
        var (cycle, index, phase, verdict, layer, durationMs, marginal) = (0, 0, default(StepPhase), default(Verdict), default(Layer), 0.0, false);
        var (name, arguments, text) = (default(string), default(string), "{}");
        Failure? failure = null;
        IReadOnlyDictionary<string, string> conditions = NoConditions;
        IReadOnlyDictionary<string, double> measurements = NoMeasurements;
        IReadOnlyList<EvidenceItem> evidence = [];
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("cycle"u8))
                cycle = JsonText.Int(ref reader);
            else if (reader.ValueTextEquals("index"u8))
                index = JsonText.Int(ref reader);
            else if (reader.ValueTextEquals("phase"u8))
                phase = JsonText.Enum<StepPhase>(ref reader);
            else if (reader.ValueTextEquals("step"u8))
                name = JsonText.String(ref reader, null);
            else if (reader.ValueTextEquals("arguments"u8))
                arguments = JsonText.String(ref reader, null);
            else if (reader.ValueTextEquals("verdict"u8))
                verdict = JsonText.Enum<Verdict>(ref reader);
            else if (reader.ValueTextEquals("layer"u8))
                layer = JsonText.Enum<Layer>(ref reader);
            else if (reader.ValueTextEquals("failure"u8))
                failure = Value<Failure?>(ref reader, options);
            else if (reader.ValueTextEquals("durationMs"u8))
                durationMs = reader.Read() ? reader.GetDouble() : 0;
            else if (reader.ValueTextEquals("marginal"u8))
                marginal = reader.Read() && reader.GetBoolean();
            else if (reader.ValueTextEquals("conditions"u8))
                (conditions, text) = Conditions(ref reader);
            else if (reader.ValueTextEquals("measurements"u8))
                measurements = Value<Dictionary<string, double>>(ref reader, options) ?? NoMeasurements;
            else if (reader.ValueTextEquals("evidence"u8))
                evidence = Value<List<EvidenceItem>>(ref reader, options) ?? [];
            else
                reader.Skip();
        }
        return (new StepEnded(cycle, index, phase, name!, arguments!, verdict, layer, failure, durationMs, marginal, conditions, measurements, evidence), text);
    }

    private static (IReadOnlyDictionary<string, string> Conditions, string Text) Conditions(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType is JsonTokenType.Null)
            return (NoConditions, "{}");
        if (reader.TokenType is not JsonTokenType.StartObject)
            throw new JsonException("the conditions of a step are an object of texts");
        var text = new JsonText(ref reader);
        var conditions = new Dictionary<string, string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            conditions[name] = JsonText.String(ref reader, null)!;
        }
        return (conditions, text.UpTo(in reader));
    }

    /// <summary>Nearly always null or empty, which needs no serializer.</summary>
    private static T? Value<T>(ref Utf8JsonReader reader, JsonSerializerOptions options)
    {
        var next = reader;
        next.Read();
        var opens = next.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray;
        if (next.TokenType is JsonTokenType.Null || (opens && next.Read() && next.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray))
        {
            reader = next;
            return default;
        }
        reader.Read();
        return JsonSerializer.Deserialize<T>(ref reader, options);
    }
}
