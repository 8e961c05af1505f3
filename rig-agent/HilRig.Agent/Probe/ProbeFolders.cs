using System.Diagnostics;
using System.Globalization;

namespace HilRig.Agent.Probe;

/// <summary>Working directories of pyOCD processes: temporary folders <c>hilrig-pyocd-AGENT-random</c>, AGENT being the agent's process id.</summary>
public static class ProbeFolders
{
    private const string Prefix = "hilrig-pyocd-";

    private static readonly Lazy<bool> Swept = new(Sweep);

    /// <summary>A new, empty one. The first call also removes what agents left behind that were killed.</summary>
    public static string Create()
    {
        _ = Swept.Value;
        return Directory.CreateTempSubdirectory($"{Prefix}{Environment.ProcessId}-").FullName;
    }

    /// <summary>Removes one; what cannot be removed now stays for a later agent's sweep.</summary>
    public static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A dying pyOCD may still write its history, or the folder is another user's.
        }
    }

    private static bool Sweep()
    {
        foreach (var folder in Directory.GetDirectories(Path.GetTempPath(), Prefix + "*"))
        {
            var owner = Path.GetFileName(folder)[Prefix.Length..].Split('-')[0];
            if (int.TryParse(owner, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && !IsAlive(id))
                Delete(folder);
        }
        return true;
    }

    private static bool IsAlive(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
