using Microsoft.AspNetCore.Antiforgery;

namespace HilRig.Server.Api;

/// <summary>A form that changes something must come from a page of ours. A body of JSON proves it by its type, which no form can send.</summary>
internal static class FormProof
{
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
            return TypedResults.Problem("the form is not from a page of this server, or too old; load the page again", statusCode: StatusCodes.Status400BadRequest);
        }
        return await next(context);
    }
}
