namespace HilRig.Server.Security;

/// <summary>What a browser may do with our answers: our own script and style, nothing inline, no frames, no guessing of types.</summary>
internal static class PageHeaders
{
    private const string ContentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>Put in as the answer leaves: whoever turns an exception into an answer begins with no headers. An answer may have a policy of its own.</summary>
    public static void UsePageHeaders(this WebApplication app) => app.Use((context, next) =>
    {
        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            headers.TryAdd("Content-Security-Policy", ContentPolicy);
            headers.XContentTypeOptions = "nosniff";
            // Not no-referrer: a browser then sends our own forms with `Origin: null`, as if they came from nowhere, and OwnPages refuses them.
            headers["Referrer-Policy"] = "same-origin";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
            headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
            return Task.CompletedTask;
        });
        return next(context);
    });
}
