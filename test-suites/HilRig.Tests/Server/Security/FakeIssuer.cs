using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace HilRig.Tests.Server.Security;

/// <summary>A small OpenID Connect issuer: everybody is whom the test says; code, PKCE, client secret and nonce are checked as a real one would.</summary>
internal sealed class FakeIssuer : IAsyncDisposable
{
    public const string ClientId = "hilrig";
    public const string ClientSecret = "a client's secret";
    private readonly RsaSecurityKey key = new(RSA.Create(2048)) { KeyId = "k1" };
    private readonly Dictionary<string, (string Challenge, string Nonce)> codes = [];
    private readonly WebApplication app;

    private FakeIssuer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        app = builder.Build();
        app.MapGet("/.well-known/openid-configuration", () => new
        {
            issuer = Issuer,
            authorization_endpoint = $"{Issuer}/authorize",
            token_endpoint = $"{Issuer}/token",
            jwks_uri = $"{Issuer}/keys",
            response_types_supported = new[] { "code" },
            id_token_signing_alg_values_supported = new[] { "RS256" },
        });
        app.MapGet("/keys", () => new { keys = new[] { PublicKey() } });
        app.MapGet("/authorize", Authorize);
        app.MapPost("/token", (HttpRequest request) => TokenAsync(request));
    }

    public string Issuer => app.Urls.First();

    /// <summary>Who comes next, with their roles.</summary>
    public (string Name, string[] Roles) Person { get; set; } = ("ann@example.com", ["operator"]);

    /// <summary>Signs with a key that nobody was told of.</summary>
    public bool Forges { get; set; }

    public static async Task<FakeIssuer> StartAsync()
    {
        var issuer = new FakeIssuer();
        await issuer.app.StartAsync();
        return issuer;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private IResult Authorize(HttpRequest request)
    {
        var query = request.Query;
        if (query["client_id"] != ClientId || query["response_type"] != "code" || query["code_challenge_method"] != "S256")
            return Results.BadRequest();
        var code = Guid.NewGuid().ToString("n");
        codes[code] = ($"{query["code_challenge"]}", $"{query["nonce"]}");
        return Results.Redirect($"{query["redirect_uri"]}?code={code}&state={Uri.EscapeDataString($"{query["state"]}")}");
    }

    private async Task<IResult> TokenAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        if (!codes.Remove($"{form["code"]}", out var asked) || form["client_secret"] != ClientSecret
            || Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes($"{form["code_verifier"]}"))) != asked.Challenge)
            return Results.BadRequest(new { error = "invalid_grant" });
        var signing = Forges ? new RsaSecurityKey(RSA.Create(2048)) { KeyId = "k1" } : key;
        var token = new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = ClientId,
            Claims = new Dictionary<string, object> { ["sub"] = "1", ["preferred_username"] = Person.Name, ["roles"] = Person.Roles, ["nonce"] = asked.Nonce },
            Expires = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(5),
            SigningCredentials = new SigningCredentials(signing, SecurityAlgorithms.RsaSha256),
        });
        return Results.Json(new { access_token = "a", token_type = "Bearer", id_token = token });
    }

    private object PublicKey()
    {
        var parameters = key.Rsa.ExportParameters(false);
        return new { kty = "RSA", use = "sig", alg = "RS256", kid = key.KeyId, n = Base64UrlEncoder.Encode(parameters.Modulus), e = Base64UrlEncoder.Encode(parameters.Exponent) };
    }
}
