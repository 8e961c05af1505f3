using HilRig.Model.Rig;
using HilRig.Model.Runs;

namespace HilRig.Server.Storage;

/// <summary>
/// A batch as the database takes it: by number, each body written out as text. Whoever brings the batch prepares it, each on a thread of its
/// own; the one writer only decides and inserts.
/// </summary>
public sealed record PreparedBatch(string RunId, long Epoch, IReadOnlyList<EventRow> Events)
{
    public static PreparedBatch Of(EventBatch batch) =>
        new(batch.RunId, batch.Epoch, [.. batch.Events.OrderBy(runEvent => runEvent.Number).Select(EventRow.Of)]);
}

/// <summary>One event with the columns that are not simply its own.</summary>
public sealed record EventRow(RunEvent Event, long AtNanoseconds, string Body)
{
    public static EventRow Of(RunEvent runEvent) => new(runEvent, StoredText.ToNanoseconds(runEvent.At), StoredText.ToJson(runEvent.Body));
}

/// <summary>Rows of one run for one transaction, in their order.</summary>
public sealed record RunRows(long RunKey, IReadOnlyList<EventRow> Events, IReadOnlyList<StepSample> Samples);
