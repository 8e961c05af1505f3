namespace HilRig.Tests.SystemTests;

/// <summary>What runs on this machine, by command line.</summary>
public static class Processes
{
    /// <summary>Ids of the processes with this word among their arguments; a dead one that nobody has waited for has none.</summary>
    public static IReadOnlyList<int> With(string argument) =>
        [.. Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _)).Select(name => int.Parse(name!))
            .Where(id => Arguments(id).Contains(argument))];

    /// <summary>Returns when there is none of them any more; fails the test where that takes too long.</summary>
    public static async Task GoneAsync(string argument, TimeSpan? within = null)
    {
        using var timeout = new CancellationTokenSource(within ?? TimeSpan.FromSeconds(30));
        while (With(argument) is { Count: > 0 } left)
        {
            if (timeout.IsCancellationRequested)
                throw new TimeoutException($"processes {string.Join(", ", left)} with {argument} are still there");
            await Task.Delay(50, CancellationToken.None);
        }
    }

    /// <summary>Processor time used so far, in clock ticks; -1 when it is gone.</summary>
    public static long Ticks(int id)
    {
        try
        {
            var fields = File.ReadAllText($"/proc/{id}/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return long.Parse(fields[11]) + long.Parse(fields[12]);
        }
        catch (IOException)
        {
            return -1;
        }
    }

    private static string[] Arguments(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/cmdline").Split('\0');
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
