using HilRig.Model.Runs;

namespace HilRig.Server.Storage;

/// <summary>Inserts of one transaction, each prepared once.</summary>
public interface IEventRows : IDisposable
{
    /// <summary>The record itself. All of one run, none of them held yet.</summary>
    Task InsertEventsAsync(long runKey, IReadOnlyList<RunEvent> events);

    /// <summary>What is computed from events: the marks of their cycles, and samples.</summary>
    Task InsertProjectionsAsync(long runKey, IReadOnlyList<RunEvent> events, IReadOnlyList<StepSample> samples);
}
