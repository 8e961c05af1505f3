using System.Globalization;
using System.Text.Json.Serialization;
using HilRig.Model;
using HilRig.Server.Agents;
using HilRig.Server.Security;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HilRig.Server.Api;

/// <summary>People, tokens, enrolment and the audit: who may what, and who did what.</summary>
internal static class AccountsApi
{
    public static void MapAccounts(this RouteGroupBuilder api)
    {
        api.MapGet("/me", Me).WithSummary("Who the server takes you for.").RequireAuthorization(Access.ViewerOrAgent);
        api.MapPost("/login", LoginAsync).WithSummary("A token for a person's command line, good for 30 days.").AllowAnonymous()
            .RequireRateLimiting(SecuritySetup.GuessLimit).ProducesProblem(StatusCodes.Status401Unauthorized);
        api.MapPost("/enrol", EnrolAsync).WithSummary("An agent's token for its one-time code.").AllowAnonymous()
            .RequireRateLimiting(SecuritySetup.GuessLimit).ProducesProblem(StatusCodes.Status401Unauthorized);

        var admin = api.MapGroup("").RequireAuthorization(Access.Admin);
        admin.MapGet("/people", ListPeopleAsync).WithSummary("Everybody who may sign in..");
        admin.MapPut("/people/{name}", SavePersonAsync).WithSummary("Adds a person, or changes role and password.").ProducesProblem(StatusCodes.Status400BadRequest);
        admin.MapDelete("/people/{name}", RemovePersonAsync).WithSummary("Removes a person; their sessions end at once.").ProducesProblem(StatusCodes.Status404NotFound);
        admin.MapGet("/tokens", ListTokensAsync).WithSummary("Tokens ever issued, without their secrets..");
        admin.MapPost("/tokens", IssueAsync).WithSummary("A token for a machine; shown once.").ProducesProblem(StatusCodes.Status400BadRequest);
        admin.MapDelete("/tokens/{id}", RevokeAsync).WithSummary("Revokes a token; its agent is disconnected.").ProducesProblem(StatusCodes.Status404NotFound);
        admin.MapPost("/enrolments", InviteAsync).WithSummary("A code by which an agent gets its token, once, within an hour.").ProducesProblem(StatusCodes.Status400BadRequest);
        admin.MapGet("/audit", ListAuditAsync).WithSummary("Who changed what, newest first; by one person, or of one subject..");
    }

    private static Ok<Identity> Me(HttpContext context) =>
        TypedResults.Ok(new Identity(Access.NameOf(context.User), Access.RoleOf(context.User) ?? Role.Viewer));

    private static async Task<Results<Ok<Secrets>, ProblemHttpResult>> LoginAsync(
        LoginRequest login, PersonStore people, TokenStore tokens, CancellationToken cancellationToken)
    {
        if (await people.CheckAsync(login.Name, login.Password, cancellationToken) is not { } person)
            return TypedResults.Problem("name or password is wrong", statusCode: StatusCodes.Status401Unauthorized);
        return TypedResults.Ok(new Secrets(await tokens.IssueAsync(person.Name, person.Role, LoginRequest.Days, person.Name, cancellationToken)));
    }

    private static async Task<Results<Ok<Enrolled>, ProblemHttpResult>> EnrolAsync(EnrolRequest enrol, TokenStore tokens, CancellationToken cancellationToken) =>
        await tokens.EnrolAsync(enrol.Code, cancellationToken) is { } enrolled
            ? TypedResults.Ok(enrolled)
            : TypedResults.Problem("the code is wrong, was used, or is older than an hour; ask an admin for another", statusCode: StatusCodes.Status401Unauthorized);

    private static async Task<Ok<IReadOnlyList<Person>>> ListPeopleAsync(HttpContext context, PersonStore people, CancellationToken cancellationToken, string? cursor = null, int limit = 100) =>
        NextPage.Of(context, await people.ListAsync(cancellationToken), cursor, limit, person => person.Name);

    internal static async Task<NoContent> SavePersonAsync(
        string name, PersonRequest request, HttpContext context, PersonStore people, TokenStore tokens, CancellationToken cancellationToken)
    {
        // Who has the whole server because it has no accounts must not shut everybody out with the first one.
        if (Access.IsLocal(context.User) && request.Role is not Role.Admin)
            throw new BadInputException("role: the first person of a server is its admin; the others come after");
        await people.SaveAsync(name, request.Role, request.Password, Access.NameOf(context.User), cancellationToken);
        await RevokeAllAsync(name, context, tokens, cancellationToken);
        return TypedResults.NoContent();
    }

    internal static async Task<Results<NoContent, ProblemHttpResult>> RemovePersonAsync(
        string name, HttpContext context, PersonStore people, TokenStore tokens, CancellationToken cancellationToken)
    {
        if (!await people.RemoveAsync(name, Access.NameOf(context.User), cancellationToken))
            return Problems.NotFound($"there is no person {name}");
        await RevokeAllAsync(name, context, tokens, cancellationToken);
        return TypedResults.NoContent();
    }

    /// <summary>A token carries the role that its person had; it ends with that.</summary>
    private static async Task RevokeAllAsync(string name, HttpContext context, TokenStore tokens, CancellationToken cancellationToken)
    {
        foreach (var token in await tokens.ListAsync(cancellationToken))
        {
            if (token.Name == name && token.Role is not Role.Agent && token.Revoked is null)
                await tokens.RevokeAsync(token.Id, Access.NameOf(context.User), cancellationToken);
        }
    }

    private static void RequireAccounts(HttpContext context)
    {
        if (Access.IsLocal(context.User))
            throw new BadInputException("this server has no accounts, and its first token would shut out everybody without one; add an admin first: PUT /api/v1/people/{name}");
    }

    private static async Task<Ok<IReadOnlyList<Token>>> ListTokensAsync(HttpContext context, TokenStore tokens, CancellationToken cancellationToken, string? cursor = null, int limit = 100) =>
        NextPage.Of(context, await tokens.ListAsync(cancellationToken), cursor, limit, token => token.Id);

    internal static async Task<Ok<Secrets>> IssueAsync(TokenRequest request, HttpContext context, PersonStore people, TokenStore tokens, CancellationToken cancellationToken)
    {
        RequireAccounts(context);
        // Whoever held it could give that person's word, and every entry of the audit would name the wrong one.
        if (await people.FindAsync(request.Name, cancellationToken) is not null)
            throw new BadInputException($"name: {request.Name} is a person here; a machine needs a name of its own");
        return request.Role is Role.Agent
            ? throw new BadInputException("role: an agent gets its token by enrolment: POST /api/v1/enrolments")
            : TypedResults.Ok(new Secrets(await tokens.IssueAsync(request.Name, request.Role, request.Days, Access.NameOf(context.User), cancellationToken)));
    }

    internal static async Task<Results<NoContent, ProblemHttpResult>> RevokeAsync(
        string id, HttpContext context, TokenStore tokens, AgentRegistry agents, CancellationToken cancellationToken)
    {
        if (await tokens.RevokeAsync(id, Access.NameOf(context.User), cancellationToken) is not { } token)
            return Problems.NotFound($"there is no valid token {id}");
        if (token.Role is Role.Agent)
            agents.Disconnect(token.Name);
        return TypedResults.NoContent();
    }

    internal static async Task<Ok<Invitation>> InviteAsync(InviteRequest request, HttpContext context, TokenStore tokens, CancellationToken cancellationToken)
    {
        RequireAccounts(context);
        return TypedResults.Ok(new Invitation(request.Agent, await tokens.InviteAsync(request.Agent, Access.NameOf(context.User), cancellationToken)));
    }

    private static async Task<Ok<IReadOnlyList<AuditEntry>>> ListAuditAsync(HttpContext context, Audit audit, CancellationToken cancellationToken, string? who = null, string? subject = null, long cursor = long.MaxValue, int limit = 100)
    {
        limit = Math.Clamp(limit, 1, NextPage.MostOnPage);
        var page = await audit.ListAsync(who, subject, cursor, limit, cancellationToken);
        NextPage.Announce(context, page, limit, entry => entry.Position.ToString(CultureInfo.InvariantCulture));
        return TypedResults.Ok(page);
    }
}

/// <param name="Name">local at a server without accounts.</param>
public sealed record Identity(string Name, Role Role);

/// <param name="Token">Shown once.</param>
public sealed record Secrets(string Token);

/// <param name="Code">Good once, for an hour.</param>
public sealed record Invitation(string Agent, string Code);

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record LoginRequest(string Name, string Password)
{
    internal const int Days = 30;
}

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record EnrolRequest(string Code);

/// <param name="Password">Null to leave it as it is.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record PersonRequest(Role Role, string? Password = null);

/// <param name="Days">Until it expires; never where it is missing.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record TokenRequest(string Name, Role Role, int? Days = null);

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record InviteRequest(string Agent);
