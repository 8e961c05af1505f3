using System.CommandLine;
using HilRig.Model;

namespace HilRig.Server.Security;

/// <summary>The organisation's own sign-in, by OpenID Connect.</summary>
/// <param name="Authority">The issuer's address; https, or of this machine.</param>
/// <param name="ClientSecret">Null for a public client, which PKCE protects.</param>
/// <param name="RoleClaim">The claim of the id token that names roles: viewer, operator, qa or admin, the highest counts. Who has none does not get in.</param>
public sealed record OidcOptions(Uri Authority, string ClientId, string? ClientSecret, string RoleClaim)
{
    private static readonly Option<string?> AuthorityOption = new("--oidc-authority") { Description = "Sign-in by OpenID Connect: the issuer's address, beside passwords." };
    private static readonly Option<string?> ClientOption = new("--oidc-client-id") { Description = "This server's name at the issuer." };
    private static readonly Option<FileInfo?> SecretOption = new("--oidc-client-secret-file") { Description = "File that holds its secret there; none for a public client." };
    private static readonly Option<string> RoleOption = new("--oidc-role-claim") { Description = "The claim that names a person's roles.", DefaultValueFactory = _ => "roles" };

    internal static IEnumerable<Option> Options => [AuthorityOption, ClientOption, SecretOption, RoleOption];

    /// <summary>Null where nobody asked for it. Throws <see cref="BadInputException"/> that names the option.</summary>
    internal static OidcOptions? Of(ParseResult parsed)
    {
        if (parsed.GetValue(AuthorityOption) is not { } text)
            return parsed.GetValue(ClientOption) is null ? null : throw new BadInputException("--oidc-authority: it is missing; --oidc-client-id needs it");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var authority) || (authority.Scheme != Uri.UriSchemeHttps && !(authority.Scheme == Uri.UriSchemeHttp && authority.IsLoopback)))
            throw new BadInputException($"--oidc-authority: `{text}` is no address of an issuer; it begins with https://");
        if (parsed.GetValue(ClientOption) is not { Length: > 0 } client)
            throw new BadInputException("--oidc-client-id: it is missing; the issuer knows this server by it");
        return new OidcOptions(authority, client, parsed.GetValue(SecretOption) is { } file ? SecretFile.Read(SecretOption.Name, file) : null, parsed.GetRequiredValue(RoleOption));
    }
}
