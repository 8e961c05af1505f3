using System.Diagnostics;
using HilRig.Agent;
using NUnit.Framework;

namespace HilRig.Tests.VirtualBoard.Probe;

/// <summary>The real pyOCD, one process a call, in an empty folder of its own.</summary>
internal static class PyOcd
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(50);

    public static string Executable => SearchPath.Find("pyocd") ?? Skip("pyocd is not on the PATH");

    /// <summary><c>pyocd commander</c> with one <c>-c</c> a command; returns what it printed.</summary>
    public static Task<string> CommandAsync(int port, params string[] commands) => CommandAsync(port, [], commands);

    public static Task<string> CommandAsync(int port, string[] options, string[] commands) =>
        RunAsync(["commander", "-W", "-u", $"remote:127.0.0.1:{port}", "-t", "cortex_m", .. options, .. commands.SelectMany(command => new[] { "-c", command })]);

    /// <summary>The same commands typed into one session, which goes on after an error and says more about it.</summary>
    public static Task<string> SessionAsync(int port, params string[] commands) =>
        RunAsync(["commander", "-W", "-u", $"remote:127.0.0.1:{port}", "-t", "cortex_m"], string.Join('\n', commands) + "\nexit\n");

    /// <summary>Any subcommand; <paramref name="input"/> goes to its standard input. Returns both outputs.</summary>
    public static Task<string> RunAsync(string[] arguments, string input = "") => RunAsync(Executable, arguments, input);

    /// <summary>A Python program in the interpreter and with the modules of pyOCD.</summary>
    public static Task<string> RunScriptAsync(string script, params string[] arguments)
    {
        var interpreter = File.ReadLines(Executable).First();
        if (!interpreter.StartsWith("#!", StringComparison.Ordinal)) Skip("pyocd is no script that names its interpreter");
        return RunAsync(interpreter[2..].Trim(), ["-c", script, .. arguments], "");
    }

    /// <summary>Starts a process in an empty folder, as pyOCD loads scripts and settings from where it stands.</summary>
    public static Process Start(string executable, string[] arguments, DirectoryInfo folder) => Process.Start(new ProcessStartInfo(executable, arguments)
    {
        WorkingDirectory = folder.FullName,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        Environment = { ["PYOCD_HISTORY"] = Path.Combine(folder.FullName, "history") },
    })!;

    public static async Task<string> RunAsync(string executable, string[] arguments, string input)
    {
        var folder = Directory.CreateTempSubdirectory("hilrig-pyocd-");
        using var process = Start(executable, arguments, folder);
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            var errors = process.StandardError.ReadToEndAsync(deadline.Token);
            var output = await process.StandardOutput.ReadToEndAsync(deadline.Token) + await errors;
            await process.WaitForExitAsync(deadline.Token);
            TestContext.Out.WriteLine($"{executable} {string.Join(' ', arguments)}\n{output}");
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
