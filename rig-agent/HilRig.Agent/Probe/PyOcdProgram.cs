using System.Diagnostics;
using System.IO.Compression;
using HilRig.Model;

namespace HilRig.Agent.Probe;

/// <summary>Finds <c>pyocd</c>.</summary>
public static class PyOcdProgram
{
    private static readonly Lazy<string> PresentVersion = new(AskVersion);

    /// <summary>Full path of the program; throws <see cref="BadInputException"/> with the remedy where it is not on the PATH.</summary>
    public static string Path => SearchPath.Find("pyocd")
        ?? throw new BadInputException("pyocd is not on the PATH; install it with `build/install-pyocd.sh` on Debian or `pipx install pyocd` elsewhere");

    /// <summary>Version of the installed package; <c>unknown</c> where it cannot be told.</summary>
    public static string Version => PresentVersion.Value;

    /// <summary>
    /// Reads the package's metadata through the interpreter named in pyocd's first line: Debian's
    /// <c>pyocd --version</c> prints a stale number (facts: pyocd §1.1), and its package of 0.36 calls itself 0.0.0.
    /// </summary>
    private static string AskVersion()
    {
        if (SearchPath.Find("pyocd") is not { } program || File.ReadLines(program).FirstOrDefault() is not ['#', '!', .. var interpreter])
            return "unknown";
        using var python = TryStart([.. interpreter.Split(' ', StringSplitOptions.RemoveEmptyEntries), "-c", "import pyocd; from importlib.metadata import version; print(version('pyocd')); print(pyocd.__file__)"]);
        if (python is null || !python.WaitForExit(new ProbeTimeouts().Start))
            return "unknown";
        var lines = python.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return lines is not [var version, var module] ? "unknown" : version == "0.0.0" ? DebianVersion(module) ?? version : version;
    }

    /// <summary>From the first line of the package's changelog, <c>pyocd (0.36.0-2.1) unstable; …</c>; null where there is none.</summary>
    private static string? DebianVersion(string module)
    {
        var changelog = System.IO.Path.GetFullPath(System.IO.Path.Combine(module, "../../../../../share/doc/python3-pyocd/changelog.Debian.gz"));
        if (!File.Exists(changelog))
            return null;
        using var reader = new StreamReader(new GZipStream(File.OpenRead(changelog), CompressionMode.Decompress));
        return reader.ReadLine()?.Split('(', ')') is [_, var version, ..] ? version : null;
    }

    private static Process? TryStart(string[] command)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true });
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
