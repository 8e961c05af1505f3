using System.Text.Json;
using System.Text.Json.Serialization;
using HilRig.Model.Rig;
using HilRig.Model.Runs;

namespace HilRig.Server.Storage;

/// <summary>
/// Reads an <see cref="EventBatch"/> as it travels straight into rows: each body is read once, and its text is kept as the agent wrote it
/// instead of being written a second time.
/// </summary>
public sealed class PreparedBatchConverter : JsonConverter<PreparedBatch>
{
    /// <summary>
    /// A batch that cannot be read, such as one with an event of a newer agent, is refused in words and hinders none behind it: an exception here would
    /// end the agent's whole stream.
    /// </summary>
    public override PreparedBatch Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var whole = reader;
        try
        {
            return Read(ref reader, options);
        }
        catch (Exception exception) when (exception is JsonException or FormatException or NotSupportedException or InvalidOperationException)
        {
            reader = whole;
            return new PreparedBatch(RunIdIn(ref reader), 0, []) { Refusal = $"this server cannot read it: {exception.Message}" };
        }
    }

    private static PreparedBatch Read(ref Utf8JsonReader reader, JsonSerializerOptions options)
    {
        if (reader.TokenType is not JsonTokenType.StartObject)
            throw new JsonException("a batch of events is an object with runId, epoch and events");
        string? runId = null;
        var epoch = 0L;
        List<EventRow>? events = null;
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("runId"u8))
                runId = JsonText.String(ref reader, null);
            else if (reader.ValueTextEquals("epoch"u8))
                epoch = JsonText.Long(ref reader);
            else if (reader.ValueTextEquals("events"u8))
                events = Events(ref reader, runId, options);
            else
                reader.Skip();
        }
        if (runId is null || events is null)
            throw new JsonException("a batch of events needs runId and events");
        return new PreparedBatch(runId, epoch, IsInOrder(events) ? events : [.. events.OrderBy(row => row.Event.Number)]);
    }

    /// <summary>For whoever sends a batch that is prepared already; only tests do.</summary>
    public override void Write(Utf8JsonWriter writer, PreparedBatch value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, new EventBatch(value.RunId, value.Epoch, [.. value.Events.Select(row => row.Event)]), options);

    /// <summary>Reads over the whole batch for its run's name; empty where it has none.</summary>
    private static string RunIdIn(ref Utf8JsonReader reader)
    {
        using var batch = JsonDocument.ParseValue(ref reader);
        return batch.RootElement.ValueKind is JsonValueKind.Object && batch.RootElement.TryGetProperty("runId", out var runId) && runId.ValueKind is JsonValueKind.String ? runId.GetString()! : "";
    }

    private static List<EventRow> Events(ref Utf8JsonReader reader, string? runId, JsonSerializerOptions options)
    {
        if (!reader.Read() || reader.TokenType is not JsonTokenType.StartArray)
            throw new JsonException("the events of a batch are an array");
        var events = new List<EventRow>();
        while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
            events.Add(Event(ref reader, runId, options));
        return events;
    }

    private static EventRow Event(ref Utf8JsonReader reader, string? batchRunId, JsonSerializerOptions options)
    {
        if (reader.TokenType is not JsonTokenType.StartObject)
            throw new JsonException("an event is an object with runId, number, at and body");
        string? runId = null;
        long? number = null;
        DateTimeOffset? at = null;
        RunEventBody? body = null;
        string? text = null;
        string? conditions = null;
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("runId"u8))
                runId = JsonText.String(ref reader, batchRunId);
            else if (reader.ValueTextEquals("number"u8))
                number = JsonText.Long(ref reader);
            else if (reader.ValueTextEquals("at"u8))
                at = reader.Read() ? reader.GetDateTimeOffset() : null;
            else if (reader.ValueTextEquals("body"u8))
                (body, text, conditions) = Body(ref reader, options);
            else
                reader.Skip();
        }
        if (runId is null || number is null || at is null || body is null)
            throw new JsonException($"event {number?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "without a number"}: it needs runId, number, at and body");
        return new EventRow(new RunEvent(runId, number.Value, at.Value, body), StoredText.ToNanoseconds(at.Value), text!, conditions);
    }

    /// <summary>The type stands first where HilRig wrote it; then the two that make up nearly all of a night are read by hand.</summary>
    private static (RunEventBody Body, string Text, string? Conditions) Body(ref Utf8JsonReader reader, JsonSerializerOptions options)
    {
        reader.Read();
        var text = new JsonText(ref reader);
        var inside = reader;
        if (inside.TokenType is JsonTokenType.StartObject && inside.Read() && inside.TokenType is JsonTokenType.PropertyName && inside.ValueTextEquals("type"u8) && inside.Read())
        {
            if (inside.ValueTextEquals("step-ended"u8))
            {
                var (ended, conditions) = StepReader.Ended(ref inside, options);
                reader = inside;
                return (ended, text.UpTo(in reader), conditions);
            }
            if (inside.ValueTextEquals("step-started"u8))
            {
                var started = StepReader.Started(ref inside);
                reader = inside;
                return (started, text.UpTo(in reader), null);
            }
        }
        var body = JsonSerializer.Deserialize<RunEventBody>(ref reader, options) ?? throw new JsonException("an event's body is null");
        // One that does not begin with its type may still be a step.
        return (body, text.UpTo(in reader), body is StepEnded step ? StoredText.ToJson(step.Conditions) : null);
    }

    private static bool IsInOrder(List<EventRow> events)
    {
        for (var index = 1; index < events.Count; index++)
        {
            if (events[index].Event.Number < events[index - 1].Event.Number)
                return false;
        }
        return true;
    }
}
