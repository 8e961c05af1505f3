using System.CommandLine;
using HilRig.Agent.Serial;
using HilRig.Model;
using HilRig.Model.Runs;

namespace HilRig.Agent.Bootloader;

/// <summary>The options that every <c>kboot</c> verb shares, and the connection that they make.</summary>
internal sealed class KbootConnection
{
    private readonly Option<string> port = new("--port") { Description = "serial device, for example /dev/ttyACM0", Required = true, Recursive = true };
    private readonly Option<int> baud = new("--baud") { Description = "bits per second", DefaultValueFactory = _ => 57_600, Recursive = true };
    private readonly Option<SerialDriver> driver = new("--driver") { Description = "Automatic, Termios or SystemIoPorts", Recursive = true };
    private readonly Option<string?> trace = new("--trace") { Description = "write the packets to this file: .pcapng for Wireshark, else JSON lines", Recursive = true };

    public void AddTo(Command command)
    {
        command.Options.Add(port);
        command.Options.Add(baud);
        command.Options.Add(driver);
        command.Options.Add(trace);
    }

    /// <summary>Opens the port, resynchronises, runs <paramref name="work"/>, and turns what came of it into a line and an exit code.</summary>
    public async Task<int> RunAsync(ParseResult parsed, Func<BootloaderClient, Task> work, CancellationToken cancellationToken)
    {
        try
        {
            if (parsed.GetValue(baud) <= 0)
                throw new BadInputException($"--baud {parsed.GetValue(baud)}: expected a positive number of bits per second");
            await using var client = new BootloaderClient(
                SerialLinks.Open(parsed.GetRequiredValue(port), parsed.GetValue(baud), parsed.GetValue(driver)), new BootloaderTimeouts(), TimeProvider.System);
            try
            {
                await client.ResynchroniseAsync(cancellationToken);
                await work(client);
            }
            finally
            {
                if (parsed.GetValue(trace) is { } file)
                    TraceExport.WriteFile(client.Trace, file);
            }
            return ExitCode.Pass;
        }
        catch (Exception error) when (ExitCodeOf(error) is { } code)
        {
            await Console.Error.WriteLineAsync(error is BootloaderStatusException status ? $"{status.Message}: {StatusHelp(status)}" : error.Message);
            return code;
        }
    }

    private static string StatusHelp(BootloaderStatusException error) => Kboot.StatusCodes.Explain(error.Status);

    private static int? ExitCodeOf(Exception error) => error switch
    {
        BootloaderStatusException or Recipes.ReadBackException => ExitCode.Fail,
        LinkSilenceException or LinkProtocolException => ExitCode.Undetermined,
        SerialLinkException => ExitCode.RigError,
        BadInputException => ExitCode.BadInput,
        OperationCanceledException => ExitCode.Stopped,
        _ => null,
    };
}
