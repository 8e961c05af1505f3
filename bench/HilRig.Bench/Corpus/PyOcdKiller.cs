using System.Diagnostics;
using System.Globalization;

namespace HilRig.Bench.Corpus;

/// <summary>SIGKILL to each pyOCD that serves the board under test, as an out-of-memory killer would.</summary>
internal static class PyOcdKiller
{
    public static Func<TrialBench, CancellationToken, Task> Of(Random random)
    {
        var moments = new Random(random.Next());
        return async (bench, cancellationToken) =>
        {
            var uid = $"remote:127.0.0.1:{bench.Board.Doors.ProbePort}";
            await Task.Delay(moments.Next(500), cancellationToken);
            while (true)
            {
                foreach (var process in Serving(uid))
                    process.Kill();
                await Task.Delay(moments.Next(20, 300), cancellationToken);
            }
        };
    }

    private static IEnumerable<Process> Serving(string uid)
    {
        foreach (var folder in Directory.GetDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) && CommandLine(folder).Split('\0').Contains(uid))
                yield return Process.GetProcessById(id);
        }
    }

    private static string CommandLine(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
