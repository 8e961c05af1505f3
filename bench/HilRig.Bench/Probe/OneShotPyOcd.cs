using System.Diagnostics;
using HilRig.Agent.Probe;

namespace HilRig.Bench.Probe;

/// <summary>What a script would do: one pyocd process a question.</summary>
internal static class OneShotPyOcd
{
    public static void Run(Agent.Places.Place place, string folder, params string[] commands)
    {
        string[] arguments = ["commander", "-W", "-u", place.Probe.Uid, "-t", "cortex_m", "-M", "attach", "-O", "auto_unlock=false", .. commands.SelectMany(command => new[] { "-c", command })];
        Start(PyOcdProgram.Path, arguments, folder);
    }

    internal static string Start(string program, string[] arguments, string folder)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output.Contains("Error", StringComparison.Ordinal) ? throw new InvalidOperationException($"pyocd {string.Join(' ', arguments)}: {output}{errors.Result}") : output;
    }
}
