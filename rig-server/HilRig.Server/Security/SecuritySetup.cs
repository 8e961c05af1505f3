using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.RateLimiting;

namespace HilRig.Server.Security;

/// <summary>Who comes in, by what, and how often they may knock.</summary>
internal static class SecuritySetup
{
    /// <summary>Limits those who guess: sign-in and enrolment.</summary>
    public const string GuessLimit = "guess";

    private const string ByHeader = "by-header";
    private const int GuessesAMinute = 10;
    private static readonly TimeSpan SignedIn = TimeSpan.FromHours(12);

    public static void AddSecurity(this IServiceCollection services, ServerOptions options, DataDirectory directory)
    {
        services.AddSingleton<PersonStore>();
        services.AddSingleton<TokenStore>();
        services.AddSingleton<Audit>();
        services.AddSingleton(new LocalDoor(options.IsLocal && options.Oidc is null));
        services.AddDataProtection().SetApplicationName("HilRig").PersistKeysToFileSystem(directory.Keys);
        var authentication = services.AddAuthentication(ByHeader)
            .AddPolicyScheme(ByHeader, null, scheme => scheme.ForwardDefaultSelector = SchemeOf)
            .AddScheme<AuthenticationSchemeOptions, TokenHandler>(TokenHandler.SchemeName, null)
            .AddScheme<AuthenticationSchemeOptions, LocalHandler>(Access.Local, null)
            .AddCookie(ConfigureCookie);
        if (options.Oidc is { } oidc)
            authentication.AddOidc(oidc);
        services.AddAuthorization(Access.AddPolicies);
        services.AddRateLimiter(limits => ConfigureLimits(limits, options.RequestsASecond));
    }

    public static void UseSecurity(this WebApplication app)
    {
        app.Use(async (context, next) =>
        {
            await context.RequestServices.GetRequiredService<LocalDoor>().LookAsync(context.RequestServices.GetRequiredService<PersonStore>(), context.RequestAborted);
            await next(context);
        });
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseAuthorization();
        app.UseAntiforgery();
    }

    private static string SchemeOf(HttpContext context)
    {
        if (TokenHandler.IsPresented(context.Request))
            return TokenHandler.SchemeName;
        return context.RequestServices.GetRequiredService<LocalDoor>().IsOpen ? Access.Local : CookieAuthenticationDefaults.AuthenticationScheme;
    }

    private static void ConfigureCookie(CookieAuthenticationOptions cookie)
    {
        cookie.Cookie.Name = "hilrig";
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Lax;
        cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        cookie.ExpireTimeSpan = SignedIn;
        cookie.SlidingExpiration = true;
        cookie.LoginPath = "/login";
        cookie.Events.OnRedirectToAccessDenied = context => Refusals.ForbiddenAsync(context.HttpContext);
        cookie.Events.OnRedirectToLogin = context =>
        {
            if (Refusals.IsForMachine(context.Request))
                return Refusals.UnauthorizedAsync(context.HttpContext, "sign in at /login, or send a token: Authorization: Bearer hr_…");
            context.Response.Redirect(context.RedirectUri);
            return Task.CompletedTask;
        };
        cookie.Events.OnValidatePrincipal = CheckStampAsync;
    }

    /// <summary>A person who was removed, or has another role or password by now, has to sign in again: at once, not when the cookie ends.</summary>
    private static async Task CheckStampAsync(CookieValidatePrincipalContext context)
    {
        if (Access.StampOf(context.Principal!) == OidcSignIn.Stamp)
        {
            if (context.HttpContext.RequestServices.GetRequiredService<ServerOptions>().Oidc is null)
                context.RejectPrincipal();
            return;
        }
        var people = context.HttpContext.RequestServices.GetRequiredService<PersonStore>();
        var person = await people.FindAsync(Access.NameOf(context.Principal!), context.HttpContext.RequestAborted);
        if (person is null || person.Stamp != Access.StampOf(context.Principal!))
            context.RejectPrincipal();
    }

    private static void ConfigureLimits(RateLimiterOptions limits, int requestsASecond)
    {
        limits.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limits.OnRejected = async (rejected, _) =>
        {
            rejected.HttpContext.Response.Headers.RetryAfter = "60";
            await TypedResults.Problem("too many requests; wait a minute", statusCode: StatusCodes.Status429TooManyRequests).ExecuteAsync(rejected.HttpContext);
        };
        limits.AddPolicy(GuessLimit, context => RateLimitPartition.GetFixedWindowLimiter(
            AddressOf(context), _ => new FixedWindowRateLimiterOptions { PermitLimit = GuessesAMinute, Window = TimeSpan.FromMinutes(1) }));
        limits.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => RateLimitPartition.GetTokenBucketLimiter(
            context.User.Identity?.Name ?? AddressOf(context),
            _ => new TokenBucketRateLimiterOptions { TokenLimit = 4 * requestsASecond, TokensPerPeriod = requestsASecond, ReplenishmentPeriod = TimeSpan.FromSeconds(1) }));
    }

    private static string AddressOf(HttpContext context) => context.Connection.RemoteIpAddress?.ToString() ?? "";
}
