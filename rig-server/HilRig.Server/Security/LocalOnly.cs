using System.Net;

namespace HilRig.Server.Security;

/// <summary>
/// Until there are users and TLS, only this machine is served; and a page of another site in this machine's browser is not this machine:
/// it may neither change anything (cross-site POST) nor read by a name that it points here (DNS rebinding).
/// </summary>
internal static class LocalOnly
{
    public static void UseLocalOnly(this WebApplication app) => app.Use(async (context, next) =>
    {
        if (RefusalOf(context.Request) is not { } refusal)
        {
            await next(context);
            return;
        }
        await TypedResults.Problem(refusal, statusCode: StatusCodes.Status403Forbidden).ExecuteAsync(context);
    });

    /// <summary>True for <c>localhost</c> and the addresses that never leave this machine.</summary>
    public static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static string? RefusalOf(HttpRequest request)
    {
        if (!IsLoopback(request.Host.Host))
            return $"this server answers to localhost and 127.0.0.1, not to `{request.Host.Host}`; for another machine use an SSH tunnel";
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
            return null;
        return request.Headers.Origin is [{ } origin] && origin != $"{request.Scheme}://{request.Host}"
            ? $"a page of {origin} may change nothing here"
            : null;
    }
}
