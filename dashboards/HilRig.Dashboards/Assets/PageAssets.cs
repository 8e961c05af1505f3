using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace HilRig.Dashboards.Assets;

/// <summary>Style and script, embedded in the assembly: the server is one folder of binaries and needs no web root.</summary>
public static class PageAssets
{
    private const string Prefix = "assets/";
    private static readonly FrozenDictionary<string, Asset> Known = Load();

    private sealed record Asset(byte[] Content, string Type, string Version);

    /// <summary>The address of an asset. It changes with the content, so that browsers may keep it for ever.</summary>
    public static string Url(string name) => $"/{Prefix}{name}?v={Known[name].Version}";

    /// <summary>Whether the build made it: without Node there is no script.</summary>
    public static bool Has(string name) => Known.ContainsKey(name);

    internal static void MapAssets(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/assets/{name}", (string name, string? v, HttpContext context) =>
        {
            if (!Known.TryGetValue(name, out var asset))
                return Results.NotFound();
            context.Response.Headers.CacheControl = v == asset.Version ? "public, max-age=31536000, immutable" : "no-cache";
            return Results.Bytes(asset.Content, asset.Type);
        }).AllowAnonymous().ExcludeFromDescription();

    private static FrozenDictionary<string, Asset> Load()
    {
        var assembly = typeof(PageAssets).Assembly;
        return assembly.GetManifestResourceNames()
            .Where(resource => resource.StartsWith(Prefix, StringComparison.Ordinal))
            .ToFrozenDictionary(resource => resource[Prefix.Length..], resource =>
            {
                using var stream = assembly.GetManifestResourceStream(resource)!;
                using var copy = new MemoryStream();
                stream.CopyTo(copy);
                var content = copy.ToArray();
                return new Asset(content, TypeOf(resource), Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 6)));
            });
    }

    private static string TypeOf(string resource) => Path.GetExtension(resource) switch
    {
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        var other => throw new InvalidOperationException($"{resource}: no content type is known for {other}"),
    };
}
