using System.Text.Encodings.Web;
using System.Text.Unicode;
using HilRig.Dashboards.Assets;
using HilRig.Dashboards.Layout;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.WebEncoders;

namespace HilRig.Dashboards;

/// <summary>Hangs the pages into a server. They need an <see cref="Model.Runs.IRunReader"/> and nothing else.</summary>
public static class DashboardRoutes
{
    public static IServiceCollection AddDashboards(this IServiceCollection services)
    {
        services.AddRazorComponents();
        // The pages are UTF-8: a tick needs no entity.
        services.Configure<WebEncoderOptions>(encoder => encoder.TextEncoderSettings = new TextEncoderSettings(UnicodeRanges.All));
        return services;
    }

    /// <summary>Pages, their assets, and an answer to every address that is nobody's.</summary>
    public static void MapDashboards(this IEndpointRouteBuilder routes)
    {
        routes.MapAssets();
        routes.MapRazorComponents<App>();
        routes.MapGet("/{**path}", () => new RazorComponentResult<NotFoundDocument> { StatusCode = StatusCodes.Status404NotFound })
            .ExcludeFromDescription();
    }
}
