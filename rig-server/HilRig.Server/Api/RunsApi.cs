using HilRig.Model.Rig;
using HilRig.Model.Runs;
using HilRig.Server.Discrimination;
using HilRig.Server.Dispatch;
using HilRig.Server.Operations;
using HilRig.Server.Security;
using HilRig.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace HilRig.Server.Api;

/// <summary><c>/api/v1/runs</c> and the queue.</summary>
internal static class RunsApi
{
    // An image in base64 with room for the sequence.
    private const int LargestOrder = (2 * ImageCheck.Largest) + (1 << 20);
    private const int MostRuns = 1000;
    private const int MostEvents = 10_000;

    private static readonly (string Verb, RunSteering Steering, string Summary)[] Steerings =
    [
        ("pause", RunSteering.Pause, "Lets a run stand still before its next step."),
        ("resume", RunSteering.Resume, "Lets a paused run go on."),
        ("skip", RunSteering.Skip, "Breaks off the cycle a run is in; it counts for nothing."),
        ("stop-now", RunSteering.StopNow, "Breaks off the step a run is in; it cleans up and ends."),
    ];

    public static void MapRuns(this RouteGroupBuilder api)
    {
        api.MapPost("/runs", OrderAsync).WithSummary("Orders a run.").RequireAuthorization(Access.Operator)
            .WithMetadata(new RequestSizeLimitAttribute(LargestOrder)).ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status507InsufficientStorage);
        api.MapGet("/runs", ListAsync).WithSummary("Runs that have begun, newest first; of a place, release, sequence, verdict, state, layer or time.")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        api.MapGet("/runs/{runId}", FindAsync).WithSummary("A run wherever it stands.").ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/runs/{runId}/events", ReadEventsAsync).WithSummary("A run's events after a number, oldest first.").ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/runs/{runId}/timeline", ReadTimelineAsync).ProducesProblem(StatusCodes.Status404NotFound)
            .WithSummary("A stretch of a run on one clock: six lanes, in nanoseconds since it began, folded where there is too much for a screen.");
        api.MapGet("/runs/{runId}/attributions", ListAttributionsAsync).WithSummary("What repetitions over the farm made of a run's undetermined samples.");
        api.MapPost("/runs/{runId}/stop", StopAsync).WithSummary("Stops a run after the step it is in.").RequireAuthorization(Access.Operator)
            .AddEndpointFilter(FormProof.RequireAsync)
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        foreach (var (verb, steering, summary) in Steerings)
        {
            api.MapPost($"/runs/{{runId}}/{verb}", (string runId, HttpRequest request, Dispatcher dispatcher, CancellationToken cancellationToken) => SteerAsync(runId, steering, request, dispatcher, cancellationToken))
                .WithSummary(summary).RequireAuthorization(Access.Operator).AddEndpointFilter(FormProof.RequireAsync)
                .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        }
        api.MapGet("/queue", ListQueueAsync).WithSummary("Runs that have not begun, and why.");
    }

    private static async Task<Results<Accepted<RunAccepted>, ProblemHttpResult>> OrderAsync(
        RunRequest request, HttpContext context, DiskRoom room, ArtifactStore artifacts, Dispatcher dispatcher, IRunReader reader, TimeProvider time, CancellationToken cancellationToken)
    {
        var runId = RunId.New(request.Place ?? request.Board ?? "", time.GetUtcNow());
        if (room.Refusal is { } refusal)
            return Problems.NoRoom(refusal);
        var terms = request.ToTerms(time.GetUtcNow());
        var order = await request.ToOrderAsync(runId, artifacts, cancellationToken);
        await dispatcher.EnqueueAsync(order, terms, Access.NameOf(context.User), cancellationToken);
        var queue = await reader.ListQueueAsync(cancellationToken);
        return TypedResults.Accepted($"/api/v1/runs/{runId}", new RunAccepted(runId, queue.FirstOrDefault(queued => queued.RunId == runId)?.Waiting));
    }

    private static async Task<Ok<IReadOnlyList<RunSummary>>> ListAsync(
        HttpContext context, IRunReader reader, CancellationToken cancellationToken, string? place = null, string? release = null, string? sequence = null, string? verdict = null, string? state = null, string? layer = null, DateTimeOffset? from = null, DateTimeOffset? to = null,
        string? cursor = null, int limit = 100)
    {
        limit = Math.Clamp(limit, 1, MostRuns);
        var found = await reader.ListRunsAsync(new RunQuery(
            cursor, place, release, sequence, QueryWord.Of<Verdict>("verdict", verdict), from, to,
            QueryWord.Of<ListedState>("state", state) is { } wanted ? wanted is ListedState.Running : null, QueryWord.Of<Layer>("layer", layer)), limit, cancellationToken);
        NextPage.Announce(context, found, limit, last => last.RunId);
        return TypedResults.Ok(found);
    }

    private static async Task<Results<Ok<RunStatus>, ProblemHttpResult>> FindAsync(
        string runId, IRunReader reader, IOrderStore orders, CancellationToken cancellationToken)
    {
        // The order is looked up first: a run that begins in between is then found as begun.
        var order = await orders.FindOrderAsync(runId, cancellationToken);
        if (await reader.FindRunAsync(runId, cancellationToken) is { } summary)
            return TypedResults.Ok(RunStatus.Of(summary));
        if (order is null)
            return Problems.NotFound($"there is no run {runId}");
        var queue = await reader.ListQueueAsync(cancellationToken);
        return TypedResults.Ok(RunStatus.Of(order, queue.FirstOrDefault(queued => queued.RunId == runId)));
    }

    private static async Task<Results<Ok<IReadOnlyList<RunEvent>>, ProblemHttpResult>> ReadEventsAsync(
        string runId, IRunReader reader, CancellationToken cancellationToken, long after = 0, int limit = 1000)
    {
        var events = await reader.ReadEventsAsync(runId, after, Math.Clamp(limit, 1, MostEvents), cancellationToken);
        return events.Count > 0 || await reader.FindRunAsync(runId, cancellationToken) is not null
            ? TypedResults.Ok(events)
            : Problems.NotFound($"there is no run {runId} that has sent an event");
    }

    private static async Task<Results<Ok<RunTimeline>, ProblemHttpResult>> ReadTimelineAsync(
        string runId, IRunReader reader, CancellationToken cancellationToken, long? from = null, long? to = null) =>
        await reader.ReadTimelineAsync(runId, from, to, cancellationToken) is { } timeline
            ? TypedResults.Ok(timeline)
            : Problems.NotFound($"there is no run {runId} that has sent an event");

    private static async Task<Ok<IReadOnlyList<Attributed>>> ListAttributionsAsync(
        string runId, HttpContext context, DiscriminationStore store, CancellationToken cancellationToken, string? cursor = null, int limit = NextPage.MostOnPage) =>
        NextPage.Of(context, await store.ListAsync(runId, cancellationToken), cursor, limit, attributed => $"{attributed.Number}");

    /// <summary>A browser's form is sent back to the page it came from.</summary>
    private static async Task<Results<Accepted, RedirectHttpResult, ProblemHttpResult>> StopAsync(
        string runId, HttpRequest request, Dispatcher dispatcher, CancellationToken cancellationToken) =>
        await dispatcher.StopAsync(runId, Access.NameOf(request.HttpContext.User), cancellationToken) switch
        {
            not StopOutcome.Unknown when request.HasFormContentType => TypedResults.LocalRedirect($"~/runs/{runId}"),
            StopOutcome.Accepted => TypedResults.Accepted($"/api/v1/runs/{runId}"),
            StopOutcome.AlreadyOver => Problems.Conflict($"run {runId} is already over"),
            _ => Problems.NotFound($"this server ordered no run {runId}"),
        };

    /// <summary>A run that waits has no step to break off: it is cancelled, as by a stop.</summary>
    private static async Task<Results<Accepted, RedirectHttpResult, ProblemHttpResult>> SteerAsync(
        string runId, RunSteering steering, HttpRequest request, Dispatcher dispatcher, CancellationToken cancellationToken) =>
        await dispatcher.SteerAsync(runId, steering, Access.NameOf(request.HttpContext.User), cancellationToken) switch
        {
            SteerOutcome.NotRunning or SteerOutcome.AgentAway or SteerOutcome.AgentTooOld when steering is RunSteering.StopNow => await StopAsync(runId, request, dispatcher, cancellationToken),
            not SteerOutcome.Unknown when request.HasFormContentType => TypedResults.LocalRedirect($"~/runs/{runId}"),
            SteerOutcome.Accepted => TypedResults.Accepted($"/api/v1/runs/{runId}"),
            SteerOutcome.AgentAway => Problems.Conflict($"the agent of run {runId} is not connected to this server; the run goes on there as it is"),
            SteerOutcome.AgentTooOld => Problems.Conflict($"the agent of run {runId} is of a release that cannot be told so; the run goes on there as it is: bring the agent to the server's release, or stop the run"),
            SteerOutcome.NotRunning => Problems.Conflict($"run {runId} is not under way"),
            _ => Problems.NotFound($"this server ordered no run {runId}"),
        };

    private static async Task<Ok<IReadOnlyList<QueuedRun>>> ListQueueAsync(HttpContext context, IRunReader reader, CancellationToken cancellationToken, string? cursor = null, int limit = NextPage.MostOnPage) =>
        NextPage.Of(context, await reader.ListQueueAsync(cancellationToken), cursor, limit, queued => queued.RunId);
}

/// <summary>What a list of runs that have begun can be asked for.</summary>
internal enum ListedState
{
    Running,
    Ended,
}
