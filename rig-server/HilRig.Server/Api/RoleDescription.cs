using HilRig.Server.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace HilRig.Server.Api;

/// <summary>Says in the OpenAPI document which role an endpoint asks for, <c>x-role</c>, and how those without it are answered; a test takes its table from there.</summary>
internal static class RoleDescription
{
    public static Task AddAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var role = metadata.OfType<IAllowAnonymous>().Any()
            ? "anonymous"
            : metadata.OfType<IAuthorizeData>().Select(data => data.Policy).OfType<string>().LastOrDefault() ?? Access.Viewer;
        operation.Extensions ??= new Dictionary<string, IOpenApiExtension>();
        operation.Extensions["x-role"] = new JsonNodeExtension(role);
        operation.Responses ??= [];
        operation.Responses.TryAdd("429", new OpenApiResponse { Description = "Too many requests" });
        if (role == "anonymous")
            return Task.CompletedTask;
        operation.Responses.TryAdd("401", new OpenApiResponse { Description = "Nobody is signed in" });
        operation.Responses.TryAdd("403", new OpenApiResponse { Description = $"Less than {role}" });
        return Task.CompletedTask;
    }
}
