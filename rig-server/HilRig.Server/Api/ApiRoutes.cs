using HilRig.Server.Campaigns;
using HilRig.Server.Comparisons;
using HilRig.Server.Exports;
using HilRig.Server.Imports;
using HilRig.Server.Nights;
using HilRig.Server.Operations;
using HilRig.Server.Retention;
using HilRig.Server.Security;
using HilRig.Server.Settings;
using HilRig.Server.SignOffs;
using HilRig.Server.Webhooks;

namespace HilRig.Server.Api;

/// <summary>Everything under <c>/api/v1</c>, and its description.</summary>
internal static class ApiRoutes
{
    public static void MapApi(this WebApplication app)
    {
        var api = app.MapGroup("/api/v1");
        api.MapRuns();
        api.MapAgain();
        api.MapGrid();
        api.MapExports();
        api.MapProtection();
        api.MapCampaigns();
        api.MapNights();
        api.MapSignOffs();
        api.MapComparisons();
        api.MapWebhooks();
        api.MapImport();
        api.MapBackup();
        api.MapFlags();
        api.MapPlaces();
        api.MapAccounts();
        app.MapSignIn();
        app.MapSettingsForms();
        if (app.Services.GetRequiredService<ServerOptions>().Oidc is not null)
            app.MapOidc();
        app.MapOpenApi("/openapi/{documentName}.json");
        app.MapGet("/api/{**path}", (string path) => Problems.NotFound($"there is no /api/{path}; /openapi/v1.json describes what there is"))
            .ExcludeFromDescription();
    }
}
