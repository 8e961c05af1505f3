using System.CommandLine;
using System.Diagnostics;
using System.Runtime;

namespace HilRig.Bench.Server;

/// <summary>
/// For benchmarks that run the server in their own process: this program has the agent's collector, whose tight budget costs a server a fifth of its time
/// and more, so they start themselves once more under the server's.
/// </summary>
internal static class ServersCollector
{
    /// <summary>Sets what the verb does, under the settings of <c>hilrig-server</c>.</summary>
    public static void SetServersAction(this Command command, Func<ParseResult, CancellationToken, Task> measure) => command.SetAction(async (parsed, token) =>
    {
        if (!GCSettings.IsServerGC)
            return await AgainAsync(parsed, token);
        await measure(parsed, token);
        return 0;
    });

    private static async Task<int> AgainAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [typeof(ServersCollector).Assembly.Location, .. parsed.Tokens.Select(token => token.Value)]) { RedirectStandardOutput = true };
        start.Environment["DOTNET_gcServer"] = "1";
        start.Environment["DOTNET_GCgen0MaxBudget"] = "0";
        using var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
            parsed.InvocationConfiguration.Output.WriteLine(line);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode;
    }
}
