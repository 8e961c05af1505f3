using HilRig.Model.Rig;
using HilRig.Model.Runs;

namespace HilRig.Server.Storage;

/// <summary>Runs and their events. Append-only; what is answered as stored survives loss of power.</summary>
public interface IRunStore
{
    /// <summary>
    /// Stores each batch's events that continue its run without a gap, all in one transaction; events held already are skipped.
    /// One result for each batch, in order; a refused batch does not hinder the others.
    /// </summary>
    Task<IReadOnlyList<AppendResult>> AppendAsync(IReadOnlyList<PreparedBatch> batches, CancellationToken cancellationToken);

    /// <inheritdoc cref="AppendAsync(IReadOnlyList{PreparedBatch}, CancellationToken)"/>
    Task<IReadOnlyList<AppendResult>> AppendAsync(IReadOnlyList<EventBatch> batches, CancellationToken cancellationToken);

    /// <summary>Number up to which the run is held without a gap; 0 for a run never heard of.</summary>
    Task<long> FindPositionAsync(string runId, CancellationToken cancellationToken);

    /// <summary>Every run with the number up to which it is held.</summary>
    Task<IReadOnlyList<RunPosition>> ListPositionsAsync(CancellationToken cancellationToken);

    /// <inheritdoc cref="IRunReader.ListRunsAsync(RunQuery, int, CancellationToken)"/>
    Task<IReadOnlyList<RunSummary>> ListRunsAsync(RunQuery query, int limit, CancellationToken cancellationToken);

    /// <summary>The newest runs of all.</summary>
    Task<IReadOnlyList<RunSummary>> ListRunsAsync(int limit, CancellationToken cancellationToken);

    /// <inheritdoc cref="IRunReader.FindRunAsync"/>
    Task<RunSummary?> FindRunAsync(string runId, CancellationToken cancellationToken);

    /// <inheritdoc cref="IRunReader.ReadEventsAsync"/>
    Task<IReadOnlyList<RunEvent>> ReadEventsAsync(string runId, long afterNumber, int limit, CancellationToken cancellationToken);

    /// <inheritdoc cref="IRunReader.ListCyclesAsync"/>
    Task<IReadOnlyList<CycleMark>> ListCyclesAsync(string runId, int limit, CancellationToken cancellationToken);

    /// <inheritdoc cref="IRunReader.ListCyclesFromAsync"/>
    Task<IReadOnlyList<CycleMark>> ListCyclesFromAsync(string runId, int firstCycle, int limit, CancellationToken cancellationToken);

    /// <inheritdoc cref="IRunReader.ReadStripAsync"/>
    Task<RunStrip> ReadStripAsync(string runId, int cells, CancellationToken cancellationToken);

    /// <summary>The newest failing steps of a fingerprint in one release and revision of a sequence, newest first; of one layer, or of all for null.</summary>
    Task<IReadOnlyList<RunEvent>> FindFailuresAsync(
        string release, string sequence, string revision, Fingerprint fingerprint, Layer? layer, int limit, CancellationToken cancellationToken);

    /// <summary>The samples of one run after an event's number, or for null those of all, run by run in the order in which the runs first arrived.</summary>
    IAsyncEnumerable<StepSample> ReadSamplesAsync(string? runId, long afterNumber, CancellationToken cancellationToken);
}

/// <param name="From">Number up to which the run was held before.</param>
/// <param name="Position">Number up to which the run is now held without a gap.</param>
/// <param name="Samples">The samples among the events that were new.</param>
/// <param name="Refusal">Null, or why nothing of the batch was stored, in words.</param>
/// <param name="Freed">The place that the run's end has freed; null while it goes on.</param>
public sealed record AppendResult(long From, long Position, IReadOnlyList<StepSample> Samples, string? Refusal, string? Freed = null)
{
    /// <summary>True when the run's last event was among the new ones.</summary>
    public bool Ended => Freed is not null;

    public static AppendResult Refused(long position, string refusal) => new(position, position, [], refusal);
}
