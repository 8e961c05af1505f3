using HilRig.Model.Runs;
using Microsoft.Extensions.Logging;

namespace HilRig.Agent;

/// <summary>Every log event of the agent. A failing board is Information: failing is what boards are here for.</summary>
public static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "connected to {Server}")]
    public static partial void ServerReached(ILogger log, Uri server);

    [LoggerMessage(2, LogLevel.Warning, "no connection to {Server}: {Reason}; runs go on and their events wait on disk")]
    public static partial void ServerLost(ILogger log, Uri server, string reason);

    [LoggerMessage(3, LogLevel.Information, "run {RunId} begins on {Place}")]
    public static partial void RunBegins(ILogger log, string runId, string place);

    [LoggerMessage(4, LogLevel.Information, "run {RunId} ends: {Verdict}")]
    public static partial void RunEnds(ILogger log, string runId, Verdict verdict);

    [LoggerMessage(6, LogLevel.Warning, "the server refuses the events of run {RunId}: {Reason}; they stay on disk")]
    public static partial void EventsRefused(ILogger log, string runId, string reason);

    [LoggerMessage(5, LogLevel.Warning, "run {RunId} was refused: {Reason}")]
    public static partial void RunRefused(ILogger log, string runId, string reason);

    [LoggerMessage(7, LogLevel.Error, "{Reason}; the run's end is tried again")]
    public static partial void JournalFull(ILogger log, string reason);

    [LoggerMessage(8, LogLevel.Warning, "the server did not take evidence {Digest} (answer {Status}); it stays on this disk")]
    public static partial void EvidenceRefused(ILogger logger, string digest, int status);
}
