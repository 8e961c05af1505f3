using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using HilRig.Model;

namespace HilRig.Server;

/// <summary>The command line of <c>hilrig-server</c>.</summary>
internal static class ServerCommand
{
    /// <summary>Parses, runs, and answers the exit code; every error is one line on stderr.</summary>
    public static async Task<int> RunAsync(string[] args, Func<ServerOptions, CancellationToken, Task> serve)
    {
        var data = new Option<string>("--data") { Description = "Directory for database and artifacts.", DefaultValueFactory = _ => "./data" };
        var port = new Option<int>("--port") { Description = "TCP port; 0 takes any free one.", DefaultValueFactory = _ => ServerOptions.DefaultPort };
        var address = new Option<IPAddress>("--address")
        {
            Description = "Loopback address to listen on.",
            DefaultValueFactory = _ => IPAddress.Loopback,
            CustomParser = ParseLoopback,
        };
        port.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && (!int.TryParse(result.Tokens[0].Value, out var number) || number is < 0 or > 65535))
                result.AddError($"--port: `{result.Tokens[0].Value}` is no TCP port; 0 to 65535 are");
        });
        var root = new RootCommand("The HilRig server: stores runs, hands them to agents, judges failures and shows pages.") { data, port, address };
        root.SetAction((parsed, cancellationToken) => GuardAsync(() =>
            serve(new ServerOptions(parsed.GetValue(data)!, parsed.GetValue(address)!, parsed.GetValue(port)), cancellationToken)));

        var result = root.Parse(args);
        if (result.Errors is [var first, ..])
        {
            await Console.Error.WriteLineAsync(first.Message);
            return ExitCode.BadInput;
        }
        return await result.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
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
    }
}
