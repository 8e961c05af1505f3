using System.Net;

namespace HilRig.Server.Security;

/// <summary>
/// A page of another site in a user's browser may change nothing here (cross-site POST). Where only this machine is served it may not even read
/// by a name that it points here (DNS rebinding): nobody has to sign in there.
/// </summary>
internal static class OwnPages
{
    public static void UseOwnPagesOnly(this WebApplication app, bool isLocal) => app.Use(async (context, next) =>
    {
        var refusal = (isLocal ? ForeignName(context.Request) : null) ?? ForeignPage(context.Request);
        if (refusal is null)
            await next(context);
        else
            await TypedResults.Problem(refusal, statusCode: StatusCodes.Status403Forbidden).ExecuteAsync(context);
    });

    private static string? ForeignName(HttpRequest request)
    {
        var host = request.Host.Host;
        return host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address))
            ? null
            : $"this server answers to localhost and 127.0.0.1, not to `{host}`; for another machine use an SSH tunnel, or give it an --address and TLS";
    }

    /// <summary>By host and port alone: whatever ends TLS in front of this server knows the scheme better.</summary>
    private static string? ForeignPage(HttpRequest request) =>
        !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method)
        && request.Headers.Origin is [{ } origin] && (!Uri.TryCreate(origin, UriKind.Absolute, out var page) || page.Authority != request.Host.Value)
            ? $"a page of {origin} may change nothing here"
            : null;
}
