using System.Net;

namespace HilRig.Server;

/// <param name="Data">Directory for database and artifacts, as the person wrote it.</param>
/// <param name="Address">A loopback address.</param>
/// <param name="Port">TCP port; 0 takes any free one.</param>
public sealed record ServerOptions(string Data, IPAddress Address, int Port)
{
    public const int DefaultPort = 5080;
}
