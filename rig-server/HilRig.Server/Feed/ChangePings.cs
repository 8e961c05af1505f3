namespace HilRig.Server.Feed;

/// <summary>What a person or a machine has changed may stand on anybody's open page: settings, tokens, webhooks, plans and the audit of all.</summary>
internal static class ChangePings
{
    public static void UseChangePings(this WebApplication app) => app.Use(static async (context, next) =>
    {
        await next(context);
        if (IsChange(context))
            context.RequestServices.GetRequiredService<RunFeed>().PingAll();
    });

    /// <summary>The hub pings for itself, and an agent's file is on no page before the event that names it.</summary>
    private static bool IsChange(HttpContext context) =>
        !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method)
        && context.Response.StatusCode < StatusCodes.Status400BadRequest
        && !context.Request.Path.StartsWithSegments("/hub") && !context.Request.Path.StartsWithSegments("/api/v1/artifacts");
}
