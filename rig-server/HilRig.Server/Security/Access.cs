using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;

namespace HilRig.Server.Security;

/// <summary>The policies that endpoints ask for, by name, and the claims that they look at.</summary>
internal static class Access
{
    public const string Viewer = "viewer";
    public const string Operator = "operator";
    public const string Qa = "qa";
    public const string Admin = "admin";

    /// <summary>The agents' hub.</summary>
    public const string Agent = "agent";

    /// <summary>Artifacts: agents fetch the images of their orders.</summary>
    public const string ViewerOrAgent = "viewer-or-agent";

    /// <summary>Scheme and name of the person who sits at a server that has no accounts.</summary>
    public const string Local = "local";

    private const string StampClaim = "stamp";

    public static void AddPolicies(AuthorizationOptions options)
    {
        foreach (var (name, least) in new[] { (Viewer, Role.Viewer), (Operator, Role.Operator), (Qa, Role.Qa), (Admin, Role.Admin) })
            options.AddPolicy(name, policy => policy.RequireAssertion(context => RoleOf(context.User) >= least));
        options.AddPolicy(Agent, policy => policy.RequireAssertion(context => IsAgent(context.User)));
        options.AddPolicy(ViewerOrAgent, policy => policy.RequireAssertion(context => IsAgent(context.User) || RoleOf(context.User) >= Role.Viewer));
        options.FallbackPolicy = options.GetPolicy(Viewer);
    }

    public static ClaimsPrincipal Principal(string scheme, string name, Role role, string stamp = "") => new(new ClaimsIdentity(
        [new Claim(ClaimTypes.Name, name), new Claim(ClaimTypes.Role, role.ToString()), new Claim(StampClaim, stamp)], scheme));

    /// <summary>The name for the audit.</summary>
    public static string NameOf(ClaimsPrincipal user) => user.Identity?.Name ?? "nobody";

    public static string StampOf(ClaimsPrincipal user) => user.FindFirstValue(StampClaim) ?? "";

    public static Role? RoleOf(ClaimsPrincipal user) => Enum.TryParse<Role>(user.FindFirstValue(ClaimTypes.Role), out var role) ? role : null;

    /// <summary>True where agents need no token, since nobody needs one.</summary>
    public static bool IsLocal(ClaimsPrincipal user) => user.Identity?.AuthenticationType == Local;

    private static bool IsAgent(ClaimsPrincipal user) => RoleOf(user) is Role.Agent || IsLocal(user);
}
