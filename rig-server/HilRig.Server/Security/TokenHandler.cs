using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace HilRig.Server.Security;

/// <summary>Lets in who presents <c>Authorization: Bearer hr_…</c>.</summary>
internal sealed class TokenHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, TokenStore tokens)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "token";
    private const string Bearer = "Bearer ";

    public static bool IsPresented(HttpRequest request) =>
        request.Headers.Authorization is [{ } header] && header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!IsPresented(Request))
            return AuthenticateResult.NoResult();
        var token = await tokens.CheckAsync(Request.Headers.Authorization[0]![Bearer.Length..].Trim(), Context.RequestAborted);
        return token is null
            ? AuthenticateResult.Fail("no such token, or it has expired or was revoked")
            : AuthenticateResult.Success(new AuthenticationTicket(Access.Principal(SchemeName, token.Name, token.Role), SchemeName));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) =>
        Refusals.UnauthorizedAsync(Context, "the token is not valid: it is mistyped, has expired or was revoked");

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => Refusals.ForbiddenAsync(Context);
}

/// <summary>The person at a server that has no accounts yet and serves this machine alone: everything is theirs.</summary>
internal sealed class LocalHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(
        AuthenticateResult.Success(new AuthenticationTicket(Access.Principal(Access.Local, Access.Local, Role.Admin), Access.Local)));
}
