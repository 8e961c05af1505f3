using System.Text.Json;
using HilRig.Dashboards.Layout;
using HilRig.Model;
using HilRig.Server.Security;
using HilRig.Server.Storage;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;

namespace HilRig.Server.Api;

/// <summary>Errors as ProblemDetails (RFC 9457): the detail is a sentence for a person.</summary>
internal static class Problems
{
    public static ProblemHttpResult NotFound(string detail) => TypedResults.Problem(detail, statusCode: StatusCodes.Status404NotFound);

    public static ProblemHttpResult NoRoom(string detail) => TypedResults.Problem(detail, statusCode: StatusCodes.Status507InsufficientStorage);

    public static ProblemHttpResult Conflict(string detail) => TypedResults.Problem(detail, statusCode: StatusCodes.Status409Conflict);
}

/// <summary>Turns what a person wrote wrong into 400 and what the disk refuses into 507; everything else stays the server's fault.</summary>
internal sealed class BadInputProblems(IProblemDetailsService problems, ILogger<BadInputProblems> log) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var (status, detail) = exception switch
        {
            BadInputException => (StatusCodes.Status400BadRequest, exception.Message),
            BadHttpRequestException { InnerException: AntiforgeryValidationException } => (StatusCodes.Status400BadRequest, FormProof.Unproven),
            BadHttpRequestException { InnerException: JsonException json } bad => (bad.StatusCode, $"the body is not the JSON that is expected: {json.Message}"),
            BadHttpRequestException bad => (bad.StatusCode, bad.Message),
            _ when StorageFailure.IsOfDisk(exception) => (StatusCodes.Status507InsufficientStorage, $"it cannot be stored ({exception.Message}); what is stored can be read"),
            _ => (0, ""),
        };
        if (status == 0)
            return await TryShowTroubleAsync(httpContext, exception);
        httpContext.Response.StatusCode = status;
        if (FormProof.IsOfBrowser(httpContext.Request))
        {
            await FormProof.RefuseAsync(httpContext, detail);
            return true;
        }
        await problems.WriteAsync(new ProblemDetailsContext
        {
            HttpContext = httpContext,
            ProblemDetails = { Status = status, Detail = detail },
        });
        return true;
    }

    /// <summary>A person who asked for a page gets one; the exception is logged as any other.</summary>
    private async Task<bool> TryShowTroubleAsync(HttpContext context, Exception exception)
    {
        if (Refusals.IsForMachine(context.Request) || !HttpMethods.IsGet(context.Request.Method) || context.RequestAborted.IsCancellationRequested)
            return false;
        Log.PageFailed(log, context.Request.Path, exception);
        // The renderer of the page that failed is the request's and draws nothing more: this one gets its own.
        var own = context.RequestServices;
        await using var scope = own.GetRequiredService<IServiceScopeFactory>().CreateAsyncScope();
        try
        {
            context.RequestServices = scope.ServiceProvider;
            await new RazorComponentResult<TroubleDocument> { StatusCode = StatusCodes.Status500InternalServerError }.ExecuteAsync(context);
        }
        finally
        {
            context.RequestServices = own;
        }
        return true;
    }
}
