using HilRig.Server.Security;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace HilRig.Server.Api;

/// <summary>The form of the page <c>/login</c>, and the button that leaves.</summary>
internal static class SignIn
{
    private const int LargestForm = 8 << 10;

    public static void MapSignIn(this WebApplication app)
    {
        app.MapPost("/session", SignInAsync).AllowAnonymous().RequireRateLimiting(SecuritySetup.GuessLimit)
            .WithMetadata(new RequestSizeLimitAttribute(LargestForm)).ExcludeFromDescription();
        app.MapPost("/session/end", SignOutAsync).AllowAnonymous().ExcludeFromDescription();
    }

    private static async Task<RedirectHttpResult> SignInAsync(
        HttpContext context, PersonStore people, CancellationToken cancellationToken, [FromForm] string name = "", [FromForm] string password = "", [FromForm] string returnUrl = "/")
    {
        if (await people.CheckAsync(name, password, cancellationToken) is not { } person)
            return TypedResults.LocalRedirect($"~/login?failed=true&returnUrl={Uri.EscapeDataString(returnUrl)}");
        const string Scheme = CookieAuthenticationDefaults.AuthenticationScheme;
        await context.SignInAsync(Scheme, Access.Principal(Scheme, person.Name, person.Role, person.Stamp));
        return TypedResults.LocalRedirect(LocalAddress.Is(returnUrl) ? $"~{returnUrl}" : "~/");
    }

    /// <summary>The button is a form of one of our pages, which the antiforgery token proves.</summary>
    private static async Task<RedirectHttpResult> SignOutAsync(HttpContext context, [FromForm] string? unused = null)
    {
        await context.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        return TypedResults.LocalRedirect("~/login");
    }
}
