using System.Diagnostics;
using HilRig.Agent.Probe;
using HilRig.Agent.Running;
using HilRig.Model;
using HilRig.Model.Rig;

namespace HilRig.Agent.Doctor;

/// <summary>What the machine beside the boards must have, whatever boards there are.</summary>
internal static class MachineChecks
{
    /// <summary>A wait for the disk that a night of short cycles notices.</summary>
    private static readonly TimeSpan SlowDisk = TimeSpan.FromMilliseconds(50);

    public static Finding PyOcd()
    {
        try
        {
            return Finding.Well("pyocd", $"{PyOcdProgram.Version} at {PyOcdProgram.Path}");
        }
        catch (BadInputException missing)
        {
            return Finding.Broken("pyocd", "not on the PATH", missing.Message);
        }
    }

    public static Finding Packages()
    {
        var versions = Versions.Present;
        var observation = $"CliWrap {versions["CliWrap"]}, System.IO.Ports {versions["System.IO.Ports"]}";
        return versions["System.IO.Ports"] != "stand-in" || OperatingSystem.IsLinux()
            ? Finding.Well("packages", observation)
            : Finding.Broken("packages", observation, "the stand-in for System.IO.Ports knows Linux only: build where NuGet has the package");
    }

    public static Finding Orphans() => !OperatingSystem.IsLinux()
        ? Finding.Well("children", "pyOCD ends when its input closes")
        : SearchPath.Find("setpriv") is { } setpriv
            ? Finding.Well("children", $"pyOCD dies with the agent ({setpriv})")
            : Finding.Doubtful("children", "without setpriv a pyOCD that hangs may outlive an agent that is killed", "install util-linux");

    /// <summary>Room, rights and the time that one event waits for the disk.</summary>
    public static Finding Disk(StateFolder data)
    {
        const string subject = "disk";
        var trial = Path.Combine(data.Path, $".doctor-{Environment.ProcessId}");
        try
        {
            Directory.CreateDirectory(data.Path);
            var took = SyncTime(trial);
            var free = new DriveInfo(Path.GetFullPath(data.Path)).AvailableFreeSpace;
            var observation = $"{data.Path}: {free >> 20:N0} MiB free, {took.TotalMilliseconds:0.0} ms to put an event on disk";
            if (free <= data.KeepFree)
                return Finding.Broken(subject, observation, $"a run ends where less than {data.KeepFree >> 20} MiB are left: make room, or name another folder with --data");
            return took > SlowDisk
                ? Finding.Doubtful(subject, observation, "each step waits that long: put --data on a faster disk")
                : Finding.Well(subject, observation);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Finding.Broken(subject, $"{data.Path}: {exception.Message}", "give this user a folder it may write to, with --data");
        }
        finally
        {
            if (File.Exists(trial))
                File.Delete(trial);
        }
    }

    /// <summary>The middle of several, since the first also makes the file.</summary>
    private static TimeSpan SyncTime(string path)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var took = new List<TimeSpan>();
        for (var turn = 0; turn < 9; turn++)
        {
            var began = Stopwatch.GetTimestamp();
            file.Write(new byte[512]);
            file.Flush(flushToDisk: true);
            took.Add(Stopwatch.GetElapsedTime(began));
        }
        return took.Order().ElementAt(took.Count / 2);
    }
}
