using HilRig.Dashboards.Layout;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HilRig.Server.Api;

/// <summary>A form that changes something must come from a page of ours. A body of JSON proves it by its type, which no form can send.</summary>
internal static class FormProof
{
    public const string Unproven = "the form is not from a page of this server, or too old; load the page again";

    public static async ValueTask<object?> RequireAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (!context.HttpContext.Request.HasFormContentType)
            return await next(context);
        try
        {
            await context.HttpContext.RequestServices.GetRequiredService<IAntiforgery>().ValidateRequestAsync(context.HttpContext);
        }
        catch (AntiforgeryValidationException)
        {
            return TypedResults.Problem(Unproven, statusCode: StatusCodes.Status400BadRequest);
        }
        return await next(context);
    }

    /// <summary>A person sent a form and will see the answer. Asking whether there is a form would throw where its proof is missing.</summary>
    public static bool IsOfBrowser(HttpRequest request) => request.ContentType is { } type && (type.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) || type.StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase))
        && request.Headers.Accept.Any(accept => accept?.Contains("text/html", StringComparison.Ordinal) == true);

    /// <summary>Answers a person's form with a page that says why nothing was done. The status is set before.</summary>
    public static Task RefuseAsync(HttpContext context, string why) => new RazorComponentResult<RefusedDocument>(new { Why = why }) { StatusCode = context.Response.StatusCode }.ExecuteAsync(context);
}
