namespace HilRig.VirtualBoard;

/// <summary>Whether more threads want to run on this machine than it has processors.</summary>
internal static class MachineLoad
{
    /// <summary>The fourth field of /proc/loadavg: <code>0.20 0.18 0.12 1/80 11206</code> runnable/all. A machine that does not say is not busy.</summary>
    public static bool IsBusy()
    {
        try
        {
            var runnable = File.ReadAllText("/proc/loadavg").Split(' ')[3].Split('/')[0];
            return int.Parse(runnable) > Environment.ProcessorCount;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or FormatException or IndexOutOfRangeException)
        {
            return false;
        }
    }
}
