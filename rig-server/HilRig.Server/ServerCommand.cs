using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using HilRig.Model;
using HilRig.Server.Judging;
using HilRig.Server.Operations;
using HilRig.Server.Retention;
using HilRig.Server.Security;
using HilRig.Server.Storage;
using HilRig.Server.Storage.Postgres;

namespace HilRig.Server;

/// <summary>The command line of <c>hilrig-server</c>.</summary>
public static class ServerCommand
{
    private static readonly Option<string> Data = new("--data") { Description = "Directory for database and artifacts.", DefaultValueFactory = _ => "./data", Recursive = true };
    private static readonly Option<string?> Database = new("--database")
    {
        Description = $"PostgreSQL in the place of SQLite: postgres://user@host:5432/name, its password by file or {DatabaseAddress.PasswordVariable}.",
        Recursive = true,
    };

    private static readonly Option<FileInfo?> PasswordFile = new("--database-password-file") { Description = "File that holds the database's password.", Recursive = true };
    private static readonly Option<string?> Shared = new("--shared") { Description = "Directory for artifacts and keys that several servers on one database share.", Recursive = true };
    private static readonly Option<int> Port = new("--port") { Description = "TCP port; 0 takes any free one.", DefaultValueFactory = _ => ServerOptions.DefaultPort };
    private static readonly Option<IPAddress> Address = new("--address")
    {
        Description = "Address to listen on; beyond loopback only with TLS, or with --plain-http behind something that has it.",
        DefaultValueFactory = _ => IPAddress.Loopback,
        CustomParser = ParseAddress,
    };

    private static readonly Option<string?> Certificate = new("--certificate") { Description = "PEM file of the certificate with its chain, for HTTPS." };
    private static readonly Option<string?> CertificateKey = new("--certificate-key") { Description = "PEM file of the certificate's key." };
    private static readonly Option<int?> KeepEvidence = new("--keep-evidence") { Description = "Days that images and evidence are kept; for ever without it." };
    private static readonly Option<int?> KeepEvents = new("--keep-events") { Description = "Days that a run's events are kept; its results are left." };
    private static readonly Option<int?> KeepResults = new("--keep-results") { Description = "Days that a run is kept at all." };
    private static readonly Option<AutoInvestigate> Investigate = new("--auto-investigate")
    {
        Description = "Follow new flags of the product: whose runs the sequence elsewhere and says whose it is; confirm also cuts it down, in up to 150 cycles. Tags tell places apart: virtual, release-before.",
    };

    private static readonly Option<bool> PlainHttp = new("--plain-http") { Description = "Listen beyond loopback without TLS: a proxy in front of the server has it." };

    private static readonly Option<string?> KnownIssues = new("--known-issues") { Description = "Rules of known issues (YAML), shown beside the flags they are for; read again when the file changes." };
    private static readonly Option<bool> PrivateWebhooks = new("--private-webhooks") { Description = "Webhooks may lead to this machine and its network." };

    private static readonly Option<string> ReportAt = new("--report-at") { Description = "Local time, HH:mm, at which webhooks are told what the night came to.", DefaultValueFactory = _ => "07:00" };

    /// <summary>Parses, runs, and answers the exit code; every error is one line on stderr.</summary>
    public static async Task<int> RunAsync(string[] args, Func<ServerOptions, CancellationToken, Task> serve)
    {
        var result = Create(serve).Parse(args);
        if (result.Errors is [var first, ..])
        {
            await Console.Error.WriteLineAsync(first.Message);
            return ExitCode.BadInput;
        }
        return await result.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
    }

    /// <summary>The command line as it is parsed.</summary>
    public static RootCommand Create(Func<ServerOptions, CancellationToken, Task> serve)
    {
        Port.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && (!int.TryParse(result.Tokens[0].Value, out var number) || number is < 0 or > 65535))
                result.AddError($"--port: `{result.Tokens[0].Value}` is no TCP port; 0 to 65535 are");
        });
        var root = new RootCommand("The HilRig server: stores runs, hands them to agents, judges failures and shows pages.") 
        {
            Data, Database, PasswordFile, Shared, Port, Address, Certificate, CertificateKey, PlainHttp, PrivateWebhooks, ReportAt, KnownIssues, Investigate, KeepEvidence, KeepEvents, KeepResults,
        };
        foreach (var option in OidcOptions.Options)
            root.Add(option);
        root.SetAction((parsed, cancellationToken) => GuardAsync(() => serve(OptionsOf(parsed), cancellationToken)));
        root.Add(Verb("rebuild", "Computes summaries, cycles, samples and fingerprints again from the stored events.", (_, database, _, token) => RebuildAsync(database, token)));
        root.Add(PersonVerb.Create(Verb));
        root.Add(ContainerVerbs.Token(Verb));
        root.Add(ContainerVerbs.Health(Port));
        foreach (var verb in BackupVerbs.Create(OptionsOf, GuardAsync))
            root.Add(verb);
        return root;
    }

    /// <summary>A verb that works on the store while no server runs on the data directory.</summary>
    private static Command Verb(string name, string description, Func<ParseResult, IDatabase, DataDirectory, CancellationToken, Task> work)
    {
        var command = new Command(name, description);
        command.SetAction((parsed, cancellationToken) => GuardAsync(async () =>
        {
            var options = OptionsOf(parsed);
            using var directory = DataDirectory.Open(options.Data, options.Shared);
            using var database = await StoreSetup.OpenAsync(options, directory, cancellationToken);
            await work(parsed, database, directory, cancellationToken);
        }));
        return command;
    }

    private static async Task RebuildAsync(IDatabase database, CancellationToken cancellationToken)
    {
        var (runs, events) = await new Projections(database).RebuildAsync(cancellationToken);
        Console.WriteLine($"rebuilt {runs} runs from {events} events");
    }

    private static ServerOptions OptionsOf(ParseResult parsed)
    {
        var options = new ServerOptions(parsed.GetValue(Data)!, parsed.GetValue(Address) ?? IPAddress.Loopback, parsed.GetValue(Port))
        {
            Database = parsed.GetValue(Database) is { } text ? DatabaseAddress.Parse(text, ReadPassword(parsed.GetValue(PasswordFile))) : null,
            Shared = parsed.GetValue(Shared),
            Keeping = KeepingOf(parsed),
            Oidc = OidcOptions.Of(parsed),
            KnownIssues = parsed.GetValue(KnownIssues),
            PrivateWebhooks = parsed.GetValue(PrivateWebhooks),
            ReportAt = TimeOnly.TryParseExact(parsed.GetValue(ReportAt), "HH:mm", out var reportAt)
                ? reportAt
                : throw new BadInputException($"--report-at: `{parsed.GetValue(ReportAt)}` is no time of day; 07:00 is one"),
            AutoInvestigate = parsed.GetValue(Investigate),
            Tls = (parsed.GetValue(Certificate), parsed.GetValue(CertificateKey)) switch
            {
                ({ } certificate, { } key) => new TlsFiles(certificate, key),
                (null, null) => null,
                _ => throw new BadInputException("--certificate and --certificate-key go together; give both or none"),
            },
        };
        return options.IsLocal || options.Tls is not null || parsed.GetValue(PlainHttp)
            ? options
            : throw new BadInputException($"--address: {options.Address} would send passwords and tokens in the clear; give --certificate and --certificate-key, or --plain-http where a proxy in front has TLS");
    }

    private static Keeping KeepingOf(ParseResult parsed)
    {
        var keeping = new Keeping(Days(KeepEvidence), Days(KeepEvents), Days(KeepResults));
        return keeping.Contradiction is { } contradiction ? throw new BadInputException(contradiction) : keeping;

        TimeSpan? Days(Option<int?> option) => parsed.GetValue(option) switch
        {
            null => null,
            < 1 or > 36500 => throw new BadInputException($"{option.Name}: {parsed.GetValue(option)} is out of range; 1 to 36500 days are possible"),
            { } days => TimeSpan.FromDays(days),
        };
    }

    private static string? ReadPassword(FileInfo? file) =>
        file is null ? Environment.GetEnvironmentVariable(DatabaseAddress.PasswordVariable) : SecretFile.Read("--database-password-file", file);

    private static IPAddress? ParseAddress(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (IPAddress.TryParse(text == "localhost" ? "127.0.0.1" : text, out var address))
            return address;
        result.AddError($"--address: `{text}` is no IP address; 127.0.0.1 serves this machine, 0.0.0.0 everybody");
        return null;
    }

    private static async Task<int> GuardAsync(Func<Task> serve)
    {
        try
        {
            await serve();
            return ExitCode.Pass;
        }
        catch (StartException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return ExitCode.RigError;
        }
        catch (BadInputException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return ExitCode.BadInput;
        }
    }
}
