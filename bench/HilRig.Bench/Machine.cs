using System.Runtime.InteropServices;

namespace HilRig.Bench;

/// <summary>The machine that a figure was measured on, in one line.</summary>
internal static class Machine
{
    /// <summary>Cores, processor, memory, kernel, .NET and load at this moment.</summary>
    public static string Describe() => FormattableString.Invariant(
        $"{Environment.ProcessorCount} × {Processor()}, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9:0} GB, {RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture}, kernel {Kernel()}, {RuntimeInformation.FrameworkDescription}, load {Load()}");

    private static string Processor() => File.Exists("/proc/cpuinfo")
        ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown processor"
        : "unknown processor";

    private static string Kernel() => File.Exists("/proc/sys/kernel/osrelease") ? File.ReadAllText("/proc/sys/kernel/osrelease").Trim() : Environment.OSVersion.VersionString;

    private static string Load() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";
}
