using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace CliWrap;

/// <summary>A <see cref="Process"/> with all three streams redirected, and the two signals a command needs.</summary>
internal sealed partial class ChildProcess : IDisposable
{
    private const int Sigint = 2;

    private readonly Process process;
    private readonly string name;

    private ChildProcess(Process process, string name)
    {
        this.process = process;
        this.name = name;
        Id = process.Id;
        StartTime = TimeProvider.System.GetLocalNow();
    }

    public int Id { get; }
    public DateTimeOffset StartTime { get; }
    public DateTimeOffset ExitTime { get; private set; }
    public int ExitCode => process.ExitCode;
    public Stream StandardInput => process.StandardInput.BaseStream;
    public Stream StandardOutput => process.StandardOutput.BaseStream;
    public Stream StandardError => process.StandardError.BaseStream;

    public static ChildProcess Start(CommandSettings settings)
    {
        var start = new ProcessStartInfo(settings.TargetFilePath, settings.Arguments)
        {
            WorkingDirectory = settings.WorkingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            CreateNoWindow = true,
        };
        foreach (var (key, value) in settings.EnvironmentVariables)
        {
            if (value is null)
                start.Environment.Remove(key);
            else
                start.Environment[key] = value;
        }

        var process = new Process { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            process.Dispose();
            throw new Win32Exception(e.NativeErrorCode, $"cannot start '{settings.TargetFilePath}' in '{settings.WorkingDirectory}': {e.Message}");
        }

        return new ChildProcess(process, Path.GetFileName(settings.TargetFilePath));
    }

    public async Task WaitForExitAsync(CancellationToken cancellationToken)
    {
        await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        ExitTime = TimeProvider.System.GetLocalNow();
    }

    /// <summary>Ends the process and its descendants; does nothing when it has ended.</summary>
    public void Kill()
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It ended between the request and the signal.
        }
    }

    /// <summary>
    /// SIGINT to the process alone. Windows cannot interrupt one console process among several, so there the tree is ended.
    /// </summary>
    public void Interrupt()
    {
        if (OperatingSystem.IsWindows())
            Kill();
        // An id is free for others once its process has been waited for.
        else if (!process.HasExited)
            _ = SendSignal(Id, Sigint);
    }

    public void Dispose() => process.Dispose();

    public override string ToString() => $"process {name} ({Id})";

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int processId, int signal);
}
