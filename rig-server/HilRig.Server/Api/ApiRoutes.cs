namespace HilRig.Server.Api;

/// <summary>Everything under <c>/api/v1</c>, its description, and the health check.</summary>
internal static class ApiRoutes
{
    public static void MapApi(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1");
        api.MapRuns();
        api.MapRig();
        api.MapAccounts();
        app.MapSignIn();
        app.MapOpenApi("/openapi/{documentName}.json");
        app.MapHealthChecks("/healthz").AllowAnonymous();
        app.MapGet("/api/{**path}", (string path) => Problems.NotFound($"there is no /api/{path}; /openapi/v1.json describes what there is"))
            .ExcludeFromDescription();
    }
}
