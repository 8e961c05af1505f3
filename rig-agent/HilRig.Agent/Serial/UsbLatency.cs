using System.Globalization;

namespace HilRig.Agent.Serial;

/// <summary>
/// How long a USB adapter holds received bytes back to fill its packet (FTDI: 16 ms unless set). With 16 ms, each ACK costs
/// 16 ms: worth knowing as a condition of a run.
/// </summary>
public static class UsbLatency
{
    /// <summary>Milliseconds, from the adapter's <c>latency_timer</c> in sysfs; null where it has none.</summary>
    public static int? Read(string device) => Read(device, "/sys/class/tty");

    /// <summary>As <see cref="Read(string)"/>, with the folder of the kernel's ttys.</summary>
    public static int? Read(string device, string ttys)
    {
        try
        {
            var tty = Path.GetFileName(new FileInfo(device).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? device);
            return int.Parse(File.ReadAllText(Path.Combine(ttys, tty, "device", "latency_timer")).Trim(), CultureInfo.InvariantCulture);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or FormatException)
        {
            return null;
        }
    }
}
