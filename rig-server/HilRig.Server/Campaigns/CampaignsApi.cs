using System.Text.Json.Serialization;
using HilRig.Model;
using HilRig.Model.Campaigns;
using HilRig.Model.Runs;
using HilRig.Server.Api;
using HilRig.Server.Dispatch;
using HilRig.Server.Operations;
using HilRig.Server.Security;
using HilRig.Server.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace HilRig.Server.Campaigns;

/// <summary><c>/api/v1/campaigns</c>.</summary>
internal static class CampaignsApi
{
    private const int LargestRequest = (2 * ImageCheck.Largest) + (1 << 20);
    private const int MostCampaigns = 100;
    private const int LongestReason = 200;

    public static void MapCampaigns(this RouteGroupBuilder api)
    {
        api.MapPost("/campaigns", OrderAsync).WithSummary("Orders a campaign: runs over many boards with one goal.").RequireAuthorization(Access.Operator)
            .WithMetadata(new RequestSizeLimitAttribute(LargestRequest)).ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status507InsufficientStorage);
        api.MapGet("/campaigns", ListAsync).WithSummary("Campaigns with their progress, newest first; of one state.").ProducesProblem(StatusCodes.Status400BadRequest);
        api.MapGet("/campaigns/{campaignId}", FindAsync).WithSummary("A campaign with its progress.").ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/campaigns/{campaignId}/runs", ListRunsAsync).WithSummary("A campaign's runs that have begun, newest first.").ProducesProblem(StatusCodes.Status404NotFound);
        MapChange(api.MapPost("/campaigns/{campaignId}/pause", PauseAsync)).WithSummary("Gives a campaign no new run; what runs goes on to its end.");
        MapChange(api.MapPost("/campaigns/{campaignId}/resume", ResumeAsync)).WithSummary("Goes on with a paused campaign, and tries places that were set aside again.");
        MapChange(api.MapPost("/campaigns/{campaignId}/stop", StopAsync)).WithSummary("Ends a campaign; its runs stop after their step.");
        MapChange(api.MapPut("/campaigns/{campaignId}/priority", PrioritiseAsync)).WithSummary("Changes a campaign's priority, and that of its runs that wait.")
            .ProducesProblem(StatusCodes.Status400BadRequest);
    }

    private static RouteHandlerBuilder MapChange(RouteHandlerBuilder route) => route.RequireAuthorization(Access.Operator).AddEndpointFilter(FormProof.RequireAsync).Produces(StatusCodes.Status204NoContent)
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<Created<CampaignView>, ProblemHttpResult>> OrderAsync(
        CampaignRequest request, HttpContext context, DiskRoom room, ArtifactStore artifacts, CampaignStore campaigns, ICampaignReader reader, Dispatcher dispatcher, TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (room.Refusal is { } refusal)
            return Problems.NoRoom(refusal);
        var now = time.GetUtcNow();
        var plan = await request.ToPlanAsync(now, artifacts, cancellationToken);
        var campaign = new Campaign(CampaignId.New(now), plan, CampaignState.Running, request.Priority, Access.NameOf(context.User), now, null, null);
        await campaigns.AddAsync(campaign, cancellationToken);
        await dispatcher.FillAsync(cancellationToken);
        return TypedResults.Created($"/api/v1/campaigns/{campaign.Id}", (await reader.FindCampaignAsync(campaign.Id, cancellationToken))!);
    }

    private static async Task<Ok<IReadOnlyList<CampaignView>>> ListAsync(
        HttpContext context, ICampaignReader reader, CancellationToken cancellationToken, string? state = null, string? cursor = null, int limit = 20)
    {
        limit = Math.Clamp(limit, 1, MostCampaigns);
        var found = await reader.ListCampaignsAsync(QueryWord.Of<CampaignState>("state", state), cursor, limit, cancellationToken);
        NextPage.Announce(context, found, limit, last => last.Campaign.Id);
        return TypedResults.Ok(found);
    }

    private static async Task<Results<Ok<CampaignView>, ProblemHttpResult>> FindAsync(string campaignId, ICampaignReader reader, CancellationToken cancellationToken) =>
        await reader.FindCampaignAsync(campaignId, cancellationToken) is { } view ? TypedResults.Ok(view) : NoCampaign(campaignId);

    private static async Task<Results<Ok<IReadOnlyList<RunSummary>>, ProblemHttpResult>> ListRunsAsync(
        string campaignId, HttpContext context, CampaignStore campaigns, ICampaignReader reader, CancellationToken cancellationToken, string? cursor = null, int limit = 100) =>
        await campaigns.FindAsync(campaignId, cancellationToken) is not null
            ? NextPage.Of(context, await reader.ListCampaignRunsAsync(campaignId, int.MaxValue, cancellationToken), cursor, limit, run => run.RunId)
            : NoCampaign(campaignId);

    /// <summary>A form of our own pages gives no reason; its sender is one.</summary>
    private static Task<IResult> PauseAsync(string campaignId, HttpContext context, CampaignStore campaigns, CampaignDesk desk, Dispatcher dispatcher, CancellationToken cancellationToken, [FromQuery] string because = "by hand") =>
        ChangeAsync(campaignId, context, campaigns, dispatcher, by => because.Length is > 0 and <= LongestReason
            ? desk.PauseAsync(campaignId, because, by, cancellationToken)
            : throw new BadInputException($"because: say why, in 1 to {LongestReason} characters"), cancellationToken);

    private static Task<IResult> ResumeAsync(string campaignId, HttpContext context, CampaignStore campaigns, Dispatcher dispatcher, CancellationToken cancellationToken) =>
        ChangeAsync(campaignId, context, campaigns, dispatcher, by => campaigns.ResumeAsync(campaignId, by, cancellationToken), cancellationToken);

    private static Task<IResult> StopAsync(string campaignId, HttpContext context, CampaignStore campaigns, CampaignDesk desk, Dispatcher dispatcher, CancellationToken cancellationToken) =>
        ChangeAsync(campaignId, context, campaigns, dispatcher, by => desk.StopAsync(campaignId, by, cancellationToken), cancellationToken);

    private static Task<IResult> PrioritiseAsync(
        string campaignId, PriorityRequest request, HttpContext context, CampaignStore campaigns, Dispatcher dispatcher, CancellationToken cancellationToken) =>
        ChangeAsync(campaignId, context, campaigns, dispatcher, by => campaigns.PrioritiseAsync(campaignId, request.Checked(), by, cancellationToken), cancellationToken);

    private static async Task<IResult> ChangeAsync(
        string campaignId, HttpContext context, CampaignStore campaigns, Dispatcher dispatcher, Func<string, Task<bool>> change, CancellationToken cancellationToken)
    {
        var changed = await change(Access.NameOf(context.User));
        if (!changed && await campaigns.FindAsync(campaignId, cancellationToken) is null)
            return NoCampaign(campaignId);
        await dispatcher.FillAsync(cancellationToken);
        if (context.Request.HasFormContentType)
            return TypedResults.LocalRedirect($"~/campaigns/{campaignId}");
        return changed ? TypedResults.NoContent() : Problems.Conflict($"campaign {campaignId} is over, or is so already");
    }

    private static ProblemHttpResult NoCampaign(string campaignId) => Problems.NotFound($"there is no campaign {campaignId}");
}

/// <param name="Priority">-100 to 100; higher ones first.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record PriorityRequest(int Priority)
{
    internal int Checked() => Priority is >= -RunRequest.MostPriority and <= RunRequest.MostPriority
        ? Priority
        : throw new BadInputException($"priority: {Priority} is out of range; -{RunRequest.MostPriority} to {RunRequest.MostPriority} are possible");
}
