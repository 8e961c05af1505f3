using HilRig.Model;
using Npgsql;

namespace HilRig.Server.Storage.Postgres;

/// <summary>Where a PostgreSQL database is: <c>postgres://user@host:5432/name</c>, or <c>postgres://user@localhost/name?host=/run/postgresql</c> for a socket.</summary>
public sealed record DatabaseAddress
{
    /// <summary>Where the password is read from: a command line can be seen by every user of the machine.</summary>
    public const string PasswordVariable = "HILRIG_DATABASE_PASSWORD";

    private const int DefaultPort = 5432;
    private const int SecondsToConnect = 10;
    private readonly NpgsqlConnectionStringBuilder builder;

    private DatabaseAddress(NpgsqlConnectionStringBuilder builder) => this.builder = builder;

    /// <summary>Throws <see cref="BadInputException"/> in words.</summary>
    public static DatabaseAddress Parse(string text, string? password)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("postgres" or "postgresql"))
            throw new BadInputException($"--database: `{text}` is no address of a database; postgres://user@host:5432/name is one");
        var user = uri.UserInfo.Split(':');
        if (user.Length > 1)
            throw new BadInputException($"--database: a password on the command line can be read by others; take it out and give it by --database-password-file or {PasswordVariable}");
        var name = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/'));
        if (name.Length == 0 || name.Contains('/'))
            throw new BadInputException($"--database: `{text}` names no database; postgres://user@host:5432/name does");
        var builder = new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host.Length == 0 ? "localhost" : uri.Host,
            Port = uri.Port < 0 ? DefaultPort : uri.Port,
            Database = name,
            Username = user[0].Length == 0 ? Environment.UserName : Uri.UnescapeDataString(user[0]),
            Password = password,
            Timeout = SecondsToConnect,
            ApplicationName = "hilrig-server",
            MaxAutoPrepare = 40,
            // A COPY of thousands of rows: with 8 KB the database wakes up eight times as often.
            WriteBufferSize = 65_536,
        };
        foreach (var (key, value) in Settings(uri.Query))
            Set(builder, key, value);
        return new DatabaseAddress(builder);
    }

    /// <summary>With the password; for the driver and nobody else.</summary>
    public string ToConnectionString() => builder.ToString();

    /// <summary>Without the password.</summary>
    public override string ToString() => $"postgres://{builder.Username}@{builder.Host}:{builder.Port}/{builder.Database}";

    private static IEnumerable<(string Key, string Value)> Settings(string query) =>
        from part in query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
        let words = part.Split('=', 2)
        select (words[0], words.Length > 1 ? Uri.UnescapeDataString(words[1]) : "");

    private static void Set(NpgsqlConnectionStringBuilder builder, string key, string value)
    {
        switch (key)
        {
            case "host" when value.Length > 0:
                builder.Host = value;
                break;
            case "sslmode" when Enum.TryParse<SslMode>(value.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var mode):
                builder.SslMode = mode;
                break;
            case "sslrootcert" when value.Length > 0:
                builder.RootCertificate = value;
                break;
            default:
                throw new BadInputException($"--database: `{key}={value}` is not understood; host, sslmode (disable, prefer, require, verify-ca, verify-full) and sslrootcert are");
        }
    }
}
