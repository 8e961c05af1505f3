using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using HilRig.Model;
using HilRig.Server.Judging;
using HilRig.Server.Operations;
using HilRig.Server.Retention;
using HilRig.Server.Security;
using HilRig.Server.Storage.Postgres;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace HilRig.Server;

/// <param name="Data">Directory for database and artifacts, as the person wrote it.</param>
/// <param name="Address">Where to listen; beyond loopback only with accounts.</param>
/// <param name="Port">TCP port; 0 takes any free one.</param>
public sealed record ServerOptions(string Data, IPAddress Address, int Port)
{
    public const int DefaultPort = 5080;

    /// <summary>PostgreSQL, or null for SQLite in the data directory.</summary>
    public DatabaseAddress? Database { get; init; }

    /// <summary>Directory of what several servers on one database share, artifacts and keys; null where there is one server.</summary>
    public string? Shared { get; init; }

    /// <summary>Null for plain HTTP.</summary>
    public TlsFiles? Tls { get; init; }

    /// <summary>The organisation's sign-in; null for passwords alone.</summary>
    public OidcOptions? Oidc { get; init; }

    /// <summary>The machine's clock, or one that is moved by hand.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Rules of known issues, written beside the flags they are for; null for none.</summary>
    public string? KnownIssues { get; init; }

    /// <summary>Whether webhooks may lead to this machine and its network.</summary>
    public bool PrivateWebhooks { get; init; }

    /// <summary>Pause before the second attempt to reach a webhook; it doubles with each.</summary>
    public TimeSpan WebhookPause { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Local time from which on the report of the last night is told to webhooks.</summary>
    public TimeOnly ReportAt { get; init; } = new(7, 0);

    /// <summary>Pause before each look whether the report is due; within the first one agents come back.</summary>
    public TimeSpan ReportLook { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How far the server follows new flags of the product by itself.</summary>
    public AutoInvestigate AutoInvestigate { get; init; }

    /// <summary>Least time between two looks at what is being followed.</summary>
    public TimeSpan InvestigatePause { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>What one person or machine may ask for, with four seconds' share in a burst.</summary>
    public int RequestsASecond { get; init; } = 500;

    /// <summary>How long what is kept.</summary>
    public Keeping Keeping { get; init; } = new();

    /// <summary>How much room a directory's disk has.</summary>
    public Func<string, long> FreeBytes { get; init; } = DiskRoom.FreeBytes;

    /// <summary>True while nobody but this machine can reach the server.</summary>
    public bool IsLocal => IPAddress.IsLoopback(Address);
}

/// <summary>A certificate with its chain and its key, both in PEM.</summary>
public sealed record TlsFiles(string Certificate, string Key)
{
    /// <summary>Throws <see cref="BadInputException"/> in words when the files are no certificate and its key.</summary>
    public void Use(ListenOptions endpoint)
    {
        try
        {
            endpoint.UseHttps(X509Certificate2.CreateFromPemFile(Certificate, Key));
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new BadInputException($"--certificate {Certificate}, --certificate-key {Key}: they cannot be used ({exception.Message}); both are PEM files, the key without a password");
        }
    }
}
