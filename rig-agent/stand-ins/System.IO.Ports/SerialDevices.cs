namespace System.IO.Ports;

/// <summary>The serial devices of a Linux machine.</summary>
internal static class SerialDevices
{
    /// <summary>Terminals with hardware behind them: those that have a <c>device</c> in sysfs; consoles and pseudo-terminals have none.</summary>
    public static string[] List(string classFolder, string deviceFolder) => !Directory.Exists(classFolder) ? [] :
    [
        .. Directory.EnumerateDirectories(classFolder)
            .Where(entry => Directory.Exists(Path.Combine(entry, "device")))
            .Select(entry => Path.Combine(deviceFolder, Path.GetFileName(entry)))
            .Where(File.Exists)
            .Order(StringComparer.Ordinal),
    ];
}
