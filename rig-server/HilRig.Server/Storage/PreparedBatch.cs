using System.Text.Json.Serialization;
using HilRig.Analysis.Flags;
using HilRig.Model.Rig;
using HilRig.Model.Runs;

namespace HilRig.Server.Storage;

/// <summary>
/// A batch as the database takes it: by number, each body as text. Over the hub it comes in just this form, the text as the agent wrote it;
/// the one writer only decides and inserts.
/// </summary>
[JsonConverter(typeof(PreparedBatchConverter))]
public sealed record PreparedBatch(string RunId, long Epoch, IReadOnlyList<EventRow> Events)
{
    /// <summary>Why it could not be read, in words; null where it was.</summary>
    public string? Refusal { get; init; }

    public static PreparedBatch Of(EventBatch batch) =>
        new(batch.RunId, batch.Epoch, [.. batch.Events.OrderBy(runEvent => runEvent.Number).Select(EventRow.Of)]);
}

/// <summary>One event with the columns that are not simply its own.</summary>
/// <param name="Conditions">Those of a step that ended, as text; null for any other event.</param>
public sealed record EventRow(RunEvent Event, long AtNanoseconds, string Body, string? Conditions)
{
    public static EventRow Of(RunEvent runEvent) =>
        new(runEvent, StoredText.ToNanoseconds(runEvent.At), StoredText.ToJson(runEvent.Body), runEvent.Body is StepEnded step ? StoredText.ToJson(step.Conditions) : null);
}

/// <summary>One sample, its conditions as text.</summary>
public sealed record SampleRow(StepSample Sample, string Conditions)
{
    /// <summary>Null where the event is none.</summary>
    public static SampleRow? Of(RunStarted started, EventRow row) =>
        row.Event.Body is StepEnded step && SampleReader.ToSample(started, row.Event, step) is { } sample ? new SampleRow(sample, row.Conditions!) : null;
}

/// <summary>Rows of one run for one transaction, in their order.</summary>
public sealed record RunRows(long RunKey, IReadOnlyList<EventRow> Events, IReadOnlyList<SampleRow> Samples)
{
    public IReadOnlyList<CycleRow> Cycles { get; } = CycleRow.Of(RunKey, Events);

    /// <summary>Who is to blame for a cycle that ends here.</summary>
    public IEnumerable<Layer> Blamed => Cycles.Select(cycle => cycle.Layer).Where(layer => layer is not Layer.None).Distinct();
}
