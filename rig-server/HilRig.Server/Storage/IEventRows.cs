using HilRig.Model.Runs;

namespace HilRig.Server.Storage;

/// <summary>Inserts of one transaction, for any number of runs at once.</summary>
public interface IEventRows : IDisposable
{
    /// <summary>The record itself. None of the events is held yet.</summary>
    Task InsertEventsAsync(IReadOnlyList<RunRows> runs);

    /// <summary>What is computed from events: the marks of their cycles, and samples.</summary>
    Task InsertProjectionsAsync(IReadOnlyList<RunRows> runs);

    /// <summary>Each run's fold, as of its last event.</summary>
    Task SaveRunsAsync(IReadOnlyList<(long RunKey, RunSummary Summary)> runs);
}
