using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace HilRig.Server.Security;

/// <summary>
/// Sign-in by the organisation's issuer: authorisation code with PKCE. The issuer says who somebody is and what they may; what it says holds for an hour.
/// </summary>
internal static class OidcSignIn
{
    /// <summary>In the place of a person's stamp: the issuer's word, not a row of ours, stands behind this session.</summary>
    public const string Stamp = "oidc";

    private static readonly TimeSpan Holds = TimeSpan.FromHours(1);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);
    private static readonly string[] Scopes = ["openid", "profile", "email"];

    public static void AddOidc(this AuthenticationBuilder authentication, OidcOptions oidc) => authentication.AddOpenIdConnect(options =>
    {
        options.Authority = oidc.Authority.ToString();
        options.RequireHttpsMetadata = !oidc.Authority.IsLoopback;
        (options.ClientId, options.ClientSecret) = (oidc.ClientId, oidc.ClientSecret);
        options.SignInScheme = CookieAuthenticationDefaults.AuthenticationScheme;
        options.ResponseType = OpenIdConnectResponseType.Code;
        // The usual form is posted by a page of the issuer's, and a page of another site may post nothing here.
        options.ResponseMode = OpenIdConnectResponseMode.Query;
        options.CallbackPath = "/session/oidc/done";
        options.BackchannelTimeout = Deadline;
        options.MapInboundClaims = false;
        options.SaveTokens = false;
        options.Scope.Clear();
        foreach (var scope in Scopes)
            options.Scope.Add(scope);
        foreach (var cookie in new[] { options.CorrelationCookie, options.NonceCookie })
            (cookie.SameSite, cookie.SecurePolicy) = (SameSiteMode.Lax, CookieSecurePolicy.SameAsRequest);
        options.Events.OnTokenValidated = context => AdmitAsync(context, oidc);
        options.Events.OnRemoteFailure = context =>
        {
            Log.OidcFailed(context.HttpContext.RequestServices.GetRequiredService<ILogger<OidcOptions>>(), context.Failure?.Message ?? "");
            context.Response.Redirect("/login?refused=issuer");
            context.HandleResponse();
            return Task.CompletedTask;
        };
    });

    public static void MapOidc(this WebApplication app) =>
        app.MapGet("/session/oidc", (string? returnUrl) => Challenge(returnUrl)).AllowAnonymous().RequireRateLimiting(SecuritySetup.GuessLimit).ExcludeFromDescription();

    private static ChallengeHttpResult Challenge(string? returnUrl) => TypedResults.Challenge(
        new AuthenticationProperties { RedirectUri = LocalAddress.Is(returnUrl) ? returnUrl : "/" }, [OpenIdConnectDefaults.AuthenticationScheme]);

    /// <summary>By name alone: a number means something else at every issuer.</summary>
    private static Role? RoleOf(string word) =>
        Array.Find(Enum.GetValues<Role>(), role => role is not Role.Agent && role.ToString().Equals(word, StringComparison.OrdinalIgnoreCase)) is var found and not Role.Agent ? found : null;

    private static async Task AdmitAsync(TokenValidatedContext context, OidcOptions oidc)
    {
        var issued = context.Principal!;
        var name = issued.FindFirst("preferred_username")?.Value ?? issued.FindFirst("email")?.Value ?? issued.FindFirst("sub")?.Value ?? "";
        var roles = issued.FindAll(oidc.RoleClaim).Select(claim => RoleOf(claim.Value)).Max();
        var people = context.HttpContext.RequestServices.GetRequiredService<PersonStore>();
        if (!AccountName.IsValid(name))
            context.Fail($"the issuer calls somebody `{name}`; {AccountName.Rule}");
        else if (roles is not { } highest)
            context.Fail($"the issuer gives {name} no role of this server in `{oidc.RoleClaim}`");
        else if (await people.FindAsync(name, context.HttpContext.RequestAborted) is not null)
            context.Fail($"{name} is also a person of this server with a password; the audit could not tell the two apart");
        else
        {
            context.Principal = Access.Principal(CookieAuthenticationDefaults.AuthenticationScheme, name, highest, Stamp);
            (context.Properties!.ExpiresUtc, context.Properties.AllowRefresh) = (context.HttpContext.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow() + Holds, false);
        }
    }
}
