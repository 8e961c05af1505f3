using HilRig.Server.Api;

namespace HilRig.Server.Security;

/// <summary>How a machine is told that it may not, and a browser where to sign in.</summary>
internal static class Refusals
{
    private static readonly string[] ForMachines = ["/api", "/hub", "/live", "/metrics", "/openapi"];

    public static bool IsForMachine(HttpRequest request) => ForMachines.Any(prefix => request.Path.StartsWithSegments(prefix, StringComparison.Ordinal));

    public static Task UnauthorizedAsync(HttpContext context, string detail)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return TypedResults.Problem(detail, statusCode: StatusCodes.Status401Unauthorized).ExecuteAsync(context);
    }

    public static Task ForbiddenAsync(HttpContext context)
    {
        var why = $"{Access.NameOf(context.User)} is {Access.RoleOf(context.User)?.ToString().ToLowerInvariant() ?? "nobody"} here, which is not enough for this";
        if (!FormProof.IsOfBrowser(context.Request))
            return TypedResults.Problem(why, statusCode: StatusCodes.Status403Forbidden).ExecuteAsync(context);
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return FormProof.RefuseAsync(context, why);
    }
}
