namespace HilRig.Server;

/// <summary>Everything the server logs. A failing board is no event here: failing is what boards are for.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "agent {Agent} refused: {Refusal}")]
    public static partial void AgentRefused(ILogger logger, string agent, string refusal);

    [LoggerMessage(2, LogLevel.Information, "agent {Agent} left")]
    public static partial void AgentLeft(ILogger logger, string agent);

    [LoggerMessage(3, LogLevel.Information, "run {RunId} handed to agent {Agent}, epoch {Epoch}")]
    public static partial void RunHandedOver(ILogger logger, string runId, string agent, long epoch);

    [LoggerMessage(4, LogLevel.Warning, "run {RunId} lost: agent {Agent} came back without it")]
    public static partial void RunLost(ILogger logger, string runId, string agent);

    [LoggerMessage(5, LogLevel.Warning, "events of agent {Agent} refused: {Refusal}")]
    public static partial void BatchRefused(ILogger logger, string agent, string refusal);

    [LoggerMessage(6, LogLevel.Error, "{Batches} batches of events could not be stored; the agents will send them again")]
    public static partial void EventsNotStored(ILogger logger, int batches, Exception exception);

    [LoggerMessage(20, LogLevel.Warning, "{Batches} batches of events could not be stored together ({Reason}); each is tried on its own")]
    public static partial void GroupSplit(ILogger logger, int batches, string reason);

    [LoggerMessage(7, LogLevel.Error, "an agent's call of {Method} failed")]
    public static partial void HubFailed(ILogger logger, string method, Exception exception);

    [LoggerMessage(11, LogLevel.Information, "kept long enough and deleted: {Results} runs, events of {Events} more, {Evidence} files")]
    public static partial void RetentionDeleted(ILogger logger, int results, int events, int evidence);

    [LoggerMessage(12, LogLevel.Error, "what was kept long enough could not be deleted; the next hour tries again")]
    public static partial void RetentionFailed(ILogger logger, Exception exception);

    [LoggerMessage(9, LogLevel.Warning, "run {RunId} has lost its place: its agent was not heard of for {Silence}")]
    public static partial void LeaseExpired(ILogger logger, string runId, TimeSpan silence);

    [LoggerMessage(23, LogLevel.Warning, "agent {Agent} is connected, and was not heard of for {Silence}; its connection is ended, it may come back on another")]
    public static partial void AgentSilent(ILogger logger, string agent, TimeSpan silence);

    [LoggerMessage(10, LogLevel.Error, "leases could not be looked at; the next beat tries again")]
    public static partial void BeatFailed(ILogger logger, Exception exception);

    [LoggerMessage(13, LogLevel.Error, "flags could not be followed; the next change tries again")]
    public static partial void InvestigationFailed(ILogger logger, Exception exception);

    [LoggerMessage(8, LogLevel.Warning, "the other servers are not heard: {Reason}; listening again")]
    public static partial void FanOutLost(ILogger logger, string reason);

    [LoggerMessage(13, LogLevel.Information, "campaign {Campaign} {State}: {Because}")]
    public static partial void CampaignDecided(ILogger logger, string campaign, Model.Campaigns.CampaignState state, string because);

    [LoggerMessage(14, LogLevel.Warning, "delivery {Delivery} to {Host} is given up: {Outcome}")]
    public static partial void WebhookFailed(ILogger logger, string delivery, string host, string outcome);

    [LoggerMessage(16, LogLevel.Warning, "known issues stay as they were: {Reason}")]
    public static partial void KnownIssuesUnreadable(ILogger logger, string reason);

    [LoggerMessage(17, LogLevel.Warning, "a sign-in by the issuer failed: {Reason}")]
    public static partial void OidcFailed(ILogger logger, string reason);

    [LoggerMessage(18, LogLevel.Information, "run {RunId}, event {Number}: {Layer}; {Because}")]
    public static partial void SampleAttributed(ILogger logger, string runId, long number, Model.Runs.Layer layer, string because);

    [LoggerMessage(15, LogLevel.Error, "webhooks could not be looked at; the next look tries again")]
    public static partial void WebhooksNotRead(ILogger logger, Exception exception);

    [LoggerMessage(21, LogLevel.Error, "the night's report could not be written; the next look tries again")]
    public static partial void NightNotTold(ILogger logger, Exception exception);

    [LoggerMessage(19, LogLevel.Error, "the history could not be read to its end; it is read again")]
    public static partial void HistoryNotRead(ILogger logger, Exception exception);

    [LoggerMessage(22, LogLevel.Error, "page {Path} could not be made")]
    public static partial void PageFailed(ILogger logger, string path, Exception exception);
}
