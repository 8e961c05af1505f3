using System.Net;
using HilRig.Server.Storage.Postgres;

namespace HilRig.Server;

/// <param name="Data">Directory for database and artifacts, as the person wrote it.</param>
/// <param name="Address">A loopback address.</param>
/// <param name="Port">TCP port; 0 takes any free one.</param>
/// <param name="Database">PostgreSQL, or null for SQLite in the data directory.</param>
/// <param name="Shared">Directory of what several servers on one database share, artifacts and keys; null where there is one server.</param>
public sealed record ServerOptions(string Data, IPAddress Address, int Port, DatabaseAddress? Database = null, string? Shared = null)
{
    public const int DefaultPort = 5080;
}
