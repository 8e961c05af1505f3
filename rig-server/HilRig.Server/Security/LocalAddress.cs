namespace HilRig.Server.Security;

/// <summary>An address of this server: <c>//elsewhere</c> and <c>/\elsewhere</c> are not.</summary>
internal static class LocalAddress
{
    public static bool Is(string? address) => address is ['/'] or ['/', not ('/' or '\\'), ..];
}
