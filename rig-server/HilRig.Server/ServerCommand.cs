using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using HilRig.Model;
using HilRig.Server.Storage;
using HilRig.Server.Storage.Postgres;

namespace HilRig.Server;

/// <summary>The command line of <c>hilrig-server</c>.</summary>
internal static class ServerCommand
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
        Description = "Loopback address to listen on.",
        DefaultValueFactory = _ => IPAddress.Loopback,
        CustomParser = ParseLoopback,
    };

    /// <summary>Parses, runs, and answers the exit code; every error is one line on stderr.</summary>
    public static async Task<int> RunAsync(string[] args, Func<ServerOptions, CancellationToken, Task> serve)
    {
        Port.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && (!int.TryParse(result.Tokens[0].Value, out var number) || number is < 0 or > 65535))
                result.AddError($"--port: `{result.Tokens[0].Value}` is no TCP port; 0 to 65535 are");
        });
        var root = new RootCommand("The HilRig server: stores runs, hands them to agents, judges failures and shows pages.") { Data, Database, PasswordFile, Shared, Port, Address };
        root.SetAction((parsed, cancellationToken) => GuardAsync(() => serve(OptionsOf(parsed), cancellationToken)));
        root.Add(Verb("rebuild", "Computes summaries, cycles, samples and fingerprints again from the stored events.", RebuildAsync));

        var result = root.Parse(args);
        if (result.Errors is [var first, ..])
        {
            await Console.Error.WriteLineAsync(first.Message);
            return ExitCode.BadInput;
        }
        return await result.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
    }

    /// <summary>A verb that works on the store while no server runs on the data directory.</summary>
    private static Command Verb(string name, string description, Func<IDatabase, DataDirectory, CancellationToken, Task> work)
    {
        var command = new Command(name, description);
        command.SetAction((parsed, cancellationToken) => GuardAsync(async () =>
        {
            var options = OptionsOf(parsed);
            using var directory = DataDirectory.Open(options.Data, options.Shared);
            using var database = await StoreSetup.OpenAsync(options, directory, cancellationToken);
            await work(database, directory, cancellationToken);
        }));
        return command;
    }

    private static async Task RebuildAsync(IDatabase database, DataDirectory directory, CancellationToken cancellationToken)
    {
        var (runs, events) = await new Projections(database).RebuildAsync(cancellationToken);
        Console.WriteLine($"rebuilt {runs} runs from {events} events");
    }

    private static ServerOptions OptionsOf(ParseResult parsed) => new(
        parsed.GetValue(Data)!,
        parsed.GetValue(Address) ?? IPAddress.Loopback,
        parsed.GetValue(Port),
        parsed.GetValue(Database) is { } text ? DatabaseAddress.Parse(text, ReadPassword(parsed.GetValue(PasswordFile))) : null,
        parsed.GetValue(Shared));

    private static string? ReadPassword(FileInfo? file)
    {
        if (file is null)
            return Environment.GetEnvironmentVariable(DatabaseAddress.PasswordVariable);
        try
        {
            return File.ReadAllText(file.FullName).TrimEnd('\r', '\n');
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"--database-password-file: {file} cannot be read ({exception.Message})");
        }
    }

    private static IPAddress? ParseLoopback(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (IPAddress.TryParse(text == "localhost" ? "127.0.0.1" : text, out var address) && IPAddress.IsLoopback(address))
            return address;
        result.AddError($"--address: `{text}` would open this server to others, and it has neither users nor TLS yet; it listens on loopback (127.0.0.1) only, reach it from elsewhere by an SSH tunnel");
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
