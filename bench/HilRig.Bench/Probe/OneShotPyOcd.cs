using System.Diagnostics;
using System.Globalization;
using HilRig.Agent.Probe;

namespace HilRig.Bench.Probe;

/// <summary>What a script would do: one pyocd process a question.</summary>
internal static class OneShotPyOcd
{
    /// <summary>The transfers alone, in pyOCD's own words: each range read past and through the cache, in one open session.</summary>
    private const string Transfer = """
        import sys, time
        from pyocd.core.helpers import ConnectHelper
        with ConnectHelper.session_with_chosen_probe(unique_id=sys.argv[1], options={'target_override': 'cortex_m', 'connect_mode': 'attach', 'auto_unlock': False}, blocking=False) as session:
            ap = session.target.aps[0]
            for turn in range(int(sys.argv[3])):
                began = time.perf_counter()
                for hprot in (3, 11):
                    ap.hprot = hprot
                    ap.read_memory_block8(0x10000000, int(sys.argv[2]))
                print('@@', time.perf_counter() - began)
        """;

    public static void Run(Agent.Places.Place place, string folder, params string[] commands)
    {
        string[] arguments = ["commander", "-W", "-u", place.Probe.Uid, "-t", "cortex_m", "-M", "attach", "-O", "auto_unlock=false", .. commands.SelectMany(command => new[] { "-c", command })];
        Start(PyOcdProgram.Path, arguments, folder);
    }

    /// <summary>Seconds for each turn.</summary>
    public static double[] TransferSeconds(Agent.Places.Place place, string folder, int bytes, int turns)
    {
        var interpreter = File.ReadLines(PyOcdProgram.Path).First()[2..].Trim();
        return [.. Start(interpreter, ["-c", Transfer, place.Probe.Uid, $"{bytes}", $"{turns}"], folder).Split('\n')
            .Where(line => line.StartsWith("@@", StringComparison.Ordinal)).Select(line => double.Parse(line[2..], CultureInfo.InvariantCulture))];
    }

    private static string Start(string program, string[] arguments, string folder)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output.Contains("Error", StringComparison.Ordinal) ? throw new InvalidOperationException($"pyocd {string.Join(' ', arguments)}: {output}{errors.Result}") : output;
    }
}
