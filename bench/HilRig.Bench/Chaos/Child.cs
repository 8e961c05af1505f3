using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace HilRig.Bench.Chaos;

/// <summary>One of HilRig's programs as a real process, with everything it says.</summary>
public sealed partial class Child : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly ConcurrentQueue<string> lines = new();
    private readonly SemaphoreSlim arrived = new(0);

    private Child(Process process) => this.process = process;

    public string Output => string.Join('\n', lines);

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    /// <summary>What it has used of a processor so far.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <summary>Starts <c>dotnet &lt;program&gt;.dll</c> from the tests' own output folder.</summary>
    public static Child Start(string program, params IEnumerable<string> arguments) =>
        Start(program, new Dictionary<string, string?>(), arguments);

    /// <summary>As <see cref="Start(string, IEnumerable{string})"/>, for one whose files' sizes get a limit: it is told by an error, not by a signal.</summary>
    public static Child StartLimited(string program, params IEnumerable<string> arguments) => Launch(
        // The runtime maps its code through a file larger than the limit otherwise.
        "bash", new Dictionary<string, string?> { ["DOTNET_EnableWriteXorExecute"] = "0" }, ["-c", "trap '' XFSZ; exec dotnet \"$@\"", "bash", PathOf(program), .. arguments]);

    public static Child Start(string program, IReadOnlyDictionary<string, string?> environment, IEnumerable<string> arguments) =>
        Launch("dotnet", environment, [PathOf(program), .. arguments]);

    /// <summary>Starts any program in a folder.</summary>
    public static Child StartIn(string folder, string executable, IReadOnlyDictionary<string, string?> environment, params string[] arguments) => Launch(executable, environment, arguments, folder);

    private static string PathOf(string program) => Path.Combine(AppContext.BaseDirectory, program + ".dll");

    private static Child Launch(string executable, IReadOnlyDictionary<string, string?> environment, string[] arguments, string folder = "")
    {
        var start = new ProcessStartInfo(executable)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = folder,
        };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var child = new Child(new Process { StartInfo = start });
        child.process.OutputDataReceived += (_, line) => child.Accept(line.Data);
        child.process.ErrorDataReceived += (_, line) => child.Accept(line.Data);
        child.process.Start();
        child.process.BeginOutputReadLine();
        child.process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Waits for a line that contains <paramref name="text"/>; fails the test with everything said when it does not come.</summary>
    public async Task<string> WaitForAsync(string text)
    {
        using var timeout = new CancellationTokenSource(Deadline);
        while (true)
        {
            if (lines.FirstOrDefault(line => line.Contains(text, StringComparison.Ordinal)) is { } found)
                return found;
            if (process.HasExited && arrived.CurrentCount == 0)
                throw new InvalidOperationException($"the process ended with {process.ExitCode} before it said `{text}`:\n{Output}");
            try
            {
                await arrived.WaitAsync(TimeSpan.FromMilliseconds(200), timeout.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"`{text}` did not come within {Deadline.TotalSeconds:0} s:\n{Output}");
            }
        }
    }

    /// <summary>Waits until a server takes requests; answers its address, which it says then.</summary>
    public async Task<Uri> WaitForServerAsync() => new(Address().Match(await WaitForAsync("server ready")).Value.TrimEnd('/', '.', ',', ';'));

    /// <summary>Waits for the end; answers the exit code.</summary>
    public async Task<int> ExitAsync(TimeSpan? deadline = null)
    {
        using var timeout = new CancellationTokenSource(deadline ?? Deadline);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"the process did not end:\n{Output}");
        }
        return process.ExitCode;
    }

    /// <summary>SIGKILL to the process alone, as a crash would.</summary>
    public async Task CrashAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>SIGINT, as Ctrl+C would.</summary>
    public void Interrupt() => Signal("INT");

    /// <summary>Any signal by its name.</summary>
    public void Signal(string name) => Run("kill", $"-{name}", $"{process.Id}");

    /// <summary>No file of one that was started by <see cref="StartLimited"/> may grow longer; null takes that away, also from what it started meanwhile.</summary>
    public void Limit(long? bytes)
    {
        foreach (var id in (int[])[process.Id, .. bytes is null ? Children() : []])
            Run("prlimit", "--pid", $"{id}", $"--fsize={bytes?.ToString() ?? "unlimited"}:unlimited");
    }

    /// <summary>Ids of the processes that it has started.</summary>
    public IReadOnlyList<int> Children()
    {
        var path = $"/proc/{process.Id}/task";
        try
        {
            return [.. Directory.GetDirectories(path).SelectMany(task => File.ReadAllText(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(int.Parse)];
        }
        catch (IOException)
        {
            return [];
        }
    }

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        process.Dispose();
    }

    private static void Run(string program, params string[] arguments)
    {
        using var run = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        run.WaitForExit();
    }

    private void Accept(string? line)
    {
        if (line is null)
            return;
        lines.Enqueue(line);
        arrived.Release();
    }

    [GeneratedRegex(@"https?://\S+")]
    private static partial Regex Address();
}
