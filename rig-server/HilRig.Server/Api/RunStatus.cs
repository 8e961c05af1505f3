using HilRig.Model.Runs;
using HilRig.Server.Storage;

namespace HilRig.Server.Api;

/// <summary>A run wherever it stands.</summary>
/// <param name="State">queued, running, ended or cancelled.</param>
/// <param name="Waiting">Why it has not begun; null once it has.</param>
/// <param name="Summary">Null until its first event.</param>
public sealed record RunStatus(string RunId, RunStage State, string? Waiting, RunSummary? Summary)
{
    public static RunStatus Of(RunSummary summary) =>
        new(summary.RunId, summary.IsRunning ? RunStage.Running : RunStage.Ended, null, summary);

    /// <summary>A run without events: it waits, or it was cancelled before it began.</summary>
    public static RunStatus Of(OrderRecord order, QueuedRun? queued) =>
        new(order.Order.RunId, order.State is OrderState.Cancelled ? RunStage.Cancelled : RunStage.Queued, queued?.Waiting, null);
}

/// <summary>How far a run has come, for those who watch it.</summary>
public enum RunStage
{
    Queued,
    Running,
    Ended,

    /// <summary>Stopped before its first event.</summary>
    Cancelled,
}

/// <summary>The answer to a run request.</summary>
/// <param name="Waiting">Null, or why it does not begin at once.</param>
public sealed record RunAccepted(string RunId, string? Waiting);
