using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace HilRig.Dashboards;

/// <summary>Who looks at the page, and what the server lets him do; it asks again when he does it.</summary>
/// <param name="Role">viewer, operator, qa or admin.</param>
/// <param name="IsLocal">The server has no accounts: whoever reaches it is its owner.</param>
internal sealed record Caller(string Name, string Role, bool IsLocal)
{
    private static readonly string[] Roles = ["viewer", "operator", "qa", "admin"];

    public bool IsOperator => Rank >= 1;

    public bool IsQa => Rank >= 2;

    public bool IsAdmin => Rank >= 3;

    private int Rank => Array.IndexOf(Roles, Role);

    public static Caller Of(HttpContext? context)
    {
        var user = context?.User;
        return new Caller(user?.Identity?.Name ?? "nobody", user?.FindFirstValue(ClaimTypes.Role)?.ToLowerInvariant() ?? "viewer", user?.Identity?.AuthenticationType == "local");
    }
}
