using System.Diagnostics;

namespace HilRig.Cli.Demo;

/// <summary>One of HilRig's programs as a child process, with its output in a file; ended with its whole tree.</summary>
public sealed class DemoProcess : IDisposable
{
    /// <summary>A busy machine takes many times what a quiet one does, which is about two seconds.</summary>
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(90);

    private readonly Process process;
    private readonly StreamWriter log;
    private readonly TaskCompletionSource<string> ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string name;
    private string lastLine = "it said nothing";

    private DemoProcess(string name, Process process, StreamWriter log)
    {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    /// <summary>Starts a program and waits for the line in which it says that it is ready; throws with its last words when it ends instead.</summary>
    public static async Task<DemoProcess> StartAsync(string name, string program, IEnumerable<string> arguments, string folder, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.ArgumentList.Add(program);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        var child = new DemoProcess(name, process, new StreamWriter(Path.Combine(folder, name + ".log")) { AutoFlush = true });
        process.OutputDataReceived += (_, line) => child.Accept(line.Data);
        process.ErrorDataReceived += (_, line) => child.Accept(line.Data);
        process.Exited += (_, _) => child.ready.TrySetException(new IOException($"{name} ended with exit code {process.ExitCode}: {child.lastLine}"));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await child.ready.Task.WaitAsync(StartDeadline, cancellationToken);
            return child;
        }
        catch (TimeoutException)
        {
            child.Dispose();
            throw new IOException($"{name} did not say within {StartDeadline.TotalSeconds:0} s that it is ready; {Path.Combine(folder, name + ".log")} says how far it came: {child.lastLine}");
        }
        catch
        {
            child.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit(5000);
        }
        process.Dispose();
        lock (log)
            log.Dispose();
    }

    private void Accept(string? line)
    {
        if (line is null)
            return;
        lock (log)
        {
            if (log.BaseStream is { CanWrite: true })
                log.WriteLine(line);
        }
        lastLine = line;
        if (line.Contains(" ready: ", StringComparison.Ordinal) || line.StartsWith(name + " ready", StringComparison.Ordinal))
            ready.TrySetResult(line);
    }
}
