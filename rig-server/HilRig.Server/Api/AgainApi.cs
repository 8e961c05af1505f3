using HilRig.Model.Rig;
using HilRig.Model.Runs;
using HilRig.Server.Dispatch;
using HilRig.Server.Judging;
using HilRig.Server.Operations;
using HilRig.Server.Security;
using HilRig.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HilRig.Server.Api;

/// <summary>Runs that are ordered from what is there already: a run once more, what a failure's investigation needs, and its reproducer.</summary>
internal static class AgainApi
{
    /// <summary>Enough to tell a failure of one in ten from none, at 95 %.</summary>
    private const int ReproducerCycles = 30;

    public static void MapAgain(this RouteGroupBuilder api)
    {
        api.MapPost("/runs/{runId}/again", RunAgainAsync).WithSummary("Orders a run once more, on the same place with everything as it was.").RequireAuthorization(Access.Operator)
            .AddEndpointFilter(FormProof.RequireAsync).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status507InsufficientStorage);
        api.MapPost("/flags/{flagId}/investigate", InvestigateAsync).WithSummary("Follows a flag: whose it is, its reproducer, and the proof; at most 150 cycles where it failed and 20 on each other place.").RequireAuthorization(Access.Operator)
            .AddEndpointFilter(FormProof.RequireAsync).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status507InsufficientStorage);
        api.MapPost("/investigations/{flagId}/run", RunReproducerAsync).WithSummary("Orders the reproducer of a flag, on the place where it failed.").RequireAuthorization(Access.Operator)
            .AddEndpointFilter(FormProof.RequireAsync).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status507InsufficientStorage);
    }

    private static async Task<Results<Accepted<RunAccepted>, RedirectHttpResult, ProblemHttpResult>> RunAgainAsync(
        string runId, HttpContext context, DiskRoom room, Dispatcher dispatcher, TimeProvider time, CancellationToken cancellationToken) =>
        await dispatcher.FindOrderAsync(runId, cancellationToken) is { } known
            ? await EnqueueAsync(known.Order, context, room, dispatcher, time, cancellationToken)
            : Problems.NotFound($"this server ordered no run {runId}, so it does not know what to order again");

    private static async Task<Results<Accepted, RedirectHttpResult, ProblemHttpResult>> InvestigateAsync(
        string flagId, HttpContext context, DiskRoom room, IRunReader reader, AutoInvestigator investigator, CancellationToken cancellationToken)
    {
        if (room.Refusal is { } full)
            return Problems.NoRoom(full);
        if ((await reader.ListFlagsAsync(cancellationToken)).FirstOrDefault(flag => flag.Id == flagId) is not { } flag)
            return Problems.NotFound($"there is no flag {flagId}");
        if (await investigator.AskAsync(flag, Access.NameOf(context.User), cancellationToken) is { } refusal)
            return Problems.Conflict(refusal);
        return context.Request.HasFormContentType ? TypedResults.LocalRedirect($"~/failures/{flagId}") : TypedResults.Accepted($"/api/v1/investigations");
    }

    private static async Task<Results<Accepted<RunAccepted>, RedirectHttpResult, ProblemHttpResult>> RunReproducerAsync(
        string flagId, HttpContext context, DiskRoom room, AutoInvestigator investigator, Dispatcher dispatcher, TimeProvider time, CancellationToken cancellationToken)
    {
        if (investigator.Reports.FirstOrDefault(report => report.FlagId == flagId) is not { Reproducer: { } text, Arms: [var here, ..] })
            return Problems.NotFound($"there is no reproducer of {flagId}; have it investigated first");
        return await dispatcher.FindOrderAsync(here.RunId, cancellationToken) is { } known
            ? await EnqueueAsync(known.Order with { SequenceName = "reproducer.yaml", Sequence = text, Cycles = ReproducerCycles }, context, room, dispatcher, time, cancellationToken)
            : Problems.NotFound($"the order of run {here.RunId} is gone, and with it the image that it wrote");
    }

    /// <summary>A browser's form is led to the new run.</summary>
    private static async Task<Results<Accepted<RunAccepted>, RedirectHttpResult, ProblemHttpResult>> EnqueueAsync(
        RunOrder like, HttpContext context, DiskRoom room, Dispatcher dispatcher, TimeProvider time, CancellationToken cancellationToken)
    {
        if (room.Refusal is { } refusal)
            return Problems.NoRoom(refusal);
        var order = like with { RunId = RunId.New(like.Place, time.GetUtcNow()), Epoch = 0, Again = null };
        await dispatcher.EnqueueAsync(order, new OrderTerms(), Access.NameOf(context.User), cancellationToken);
        return context.Request.HasFormContentType ? TypedResults.LocalRedirect($"~/runs/{order.RunId}") : TypedResults.Accepted($"/api/v1/runs/{order.RunId}", new RunAccepted(order.RunId, null));
    }
}
