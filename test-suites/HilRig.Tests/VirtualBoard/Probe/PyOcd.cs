using System.Diagnostics;
using NUnit.Framework;

namespace HilRig.Tests.VirtualBoard.Probe;

/// <summary>The real pyOCD, one process a call, in an empty folder of its own.</summary>
internal static class PyOcd
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(50);

    public static string Executable =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "pyocd")).FirstOrDefault(File.Exists)
        ?? Skip("pyocd is not on the PATH (facts: pyocd §1.1 says how to install it)");

    /// <summary><c>pyocd commander</c> with one <c>-c</c> a command; returns what it printed.</summary>
    public static Task<string> CommandAsync(int port, params string[] commands) => CommandAsync(port, [], commands);

    public static Task<string> CommandAsync(int port, string[] options, string[] commands) =>
        RunAsync(["commander", "-W", "-u", $"remote:127.0.0.1:{port}", "-t", "cortex_m", .. options, .. commands.SelectMany(command => new[] { "-c", command })]);

    public static async Task<string> RunAsync(string[] arguments, string input = "")
    {
        var folder = Directory.CreateTempSubdirectory("hilrig-pyocd-");
        var start = new ProcessStartInfo(Executable, arguments)
        {
            WorkingDirectory = folder.FullName,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["PYOCD_HISTORY"] = Path.Combine(folder.FullName, "history") },
        };
        using var process = Process.Start(start)!;
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            var errors = process.StandardError.ReadToEndAsync(deadline.Token);
            var output = await process.StandardOutput.ReadToEndAsync(deadline.Token) + await errors;
            await process.WaitForExitAsync(deadline.Token);
            TestContext.Out.WriteLine($"pyocd {string.Join(' ', arguments)}\n{output}");
            return output;
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
            folder.Delete(recursive: true);
        }
    }

    private static string Skip(string reason)
    {
        Assert.Ignore(reason);
        return reason;
    }
}
