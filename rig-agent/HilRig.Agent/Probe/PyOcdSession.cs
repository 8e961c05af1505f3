using System.Threading.Channels;
using CliWrap;

namespace HilRig.Agent.Probe;

/// <summary>
/// One <c>pyocd commander</c> process, fed through a pipe: one command in flight, each followed by a sentinel line
/// (facts: its prompt and errors go to stdout, its exit code says nothing). After a missed deadline a session is never used again.
/// </summary>
public sealed class PyOcdSession : IAsyncDisposable
{
    private const string Prompt = "pyocd> ";

    private static readonly TimeSpan ExitGrace = TimeSpan.FromSeconds(5);

    private readonly Channel<string> input = Channel.CreateUnbounded<string>();
    private readonly Channel<string> output = Channel.CreateUnbounded<string>();
    private readonly List<string> complaints = [];
    private readonly CancellationTokenSource kill = new();
    private Task exited = Task.CompletedTask;
    private int sentinel;

    private PyOcdSession(string workFolder) => WorkFolder = workFolder;

    /// <summary>The process's working directory, its own; what it saves under a bare name lies there.</summary>
    public string WorkFolder { get; }

    /// <summary>False once a deadline was missed or the process ended.</summary>
    public bool IsUsable { get; private set; } = true;

    /// <summary>Starts pyOCD and waits until it is connected and answers; throws <see cref="ProbeException"/> with pyOCD's own words.</summary>
    public static async Task<PyOcdSession> StartAsync(string uid, string frequency, CancellationToken cancellationToken)
    {
        var session = new PyOcdSession(ProbeFolders.Create());
        try
        {
            await session.LaunchAsync(uid, frequency);
            var greeting = await session.RunAsync("status", Policies.ProbeStartDeadline, cancellationToken);
            if (!greeting.Any(line => line.StartsWith("Core 0", StringComparison.Ordinal)))
                throw new ProbeException($"probe {uid}: no core answers ({session.Said(greeting)}); check the board's power and the SWD cable", isWorthRestart: false);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs one command and returns its lines of output. A line that pyOCD marks as an error throws.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(string command, TimeSpan deadline, CancellationToken cancellationToken)
    {
        if (!IsUsable)
            throw new ProbeException($"pyOCD was not asked `{command}`: its process had failed before", isWorthRestart: true);
        var mark = $"@@{++sentinel}";
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(deadline);
        var lines = new List<string>();
        try
        {
            await input.Writer.WriteAsync($"{command}\n$print('{mark}')\n", timeout.Token);
            while (true)
            {
                var line = await output.Reader.ReadAsync(timeout.Token);
                if (line == mark)
                    break;
                if (line.Length > 0)
                    lines.Add(line);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            IsUsable = false;
            throw new ProbeException($"pyOCD did not finish `{command}` within {deadline.TotalSeconds:0.#} s ({Said(lines)})", isWorthRestart: true);
        }
        catch (OperationCanceledException)
        {
            IsUsable = false;
            throw;
        }
        catch (ChannelClosedException)
        {
            IsUsable = false;
            throw new ProbeException($"pyOCD ended during `{command}` ({Said(lines)})", isWorthRestart: true);
        }

        var error = lines.Find(IsError);
        return error is null ? lines : throw new ProbeException($"`{command}`: {error}", isWorthRestart: true);
    }

    public async ValueTask DisposeAsync()
    {
        var wasUsable = IsUsable;
        IsUsable = false;
        input.Writer.TryComplete();
        if (!wasUsable || await Task.WhenAny(exited, Task.Delay(ExitGrace)) != exited)
            await kill.CancelAsync();
        // A process that the kernel does not let die, on a stuck USB transfer, must not hold the run.
        if (await Task.WhenAny(exited, Task.Delay(ExitGrace)) == exited)
            kill.Dispose();
        ProbeFolders.Delete(WorkFolder);
    }

    private async Task LaunchAsync(string uid, string frequency)
    {
        string[] arguments =
        [
            "commander", "-W", "-u", uid, "-t", "cortex_m", "-M", "attach", "-f", frequency,
            "-O", "auto_unlock=false", "-O", "reset.post_delay=0.01", "-j", WorkFolder,
        ];
        var (program, all) = ParentDeath.Wrap(PyOcdProgram.Path, arguments);
        var command = Cli.Wrap(program)
            .WithArguments(all)
            .WithWorkingDirectory(WorkFolder)
            .WithEnvironmentVariables(new Dictionary<string, string?> { ["PYOCD_HISTORY"] = Path.Combine(WorkFolder, "history") })
            .WithValidation(CommandResultValidation.None)
            .WithStandardInputPipe(PipeSource.Create(FeedAsync))
            .WithStandardOutputPipe(PipeTarget.ToDelegate(Accept))
            .WithStandardErrorPipe(PipeTarget.ToDelegate(Complain));
        var task = await SpawnerThread.RunAsync(() => command.ExecuteAsync(kill.Token, CancellationToken.None).Task);
        exited = task.ContinueWith(_ => output.Writer.TryComplete(), TaskScheduler.Default);
    }

    private async Task FeedAsync(Stream stdin, CancellationToken cancellationToken)
    {
        await foreach (var text in input.Reader.ReadAllAsync(cancellationToken))
        {
            await stdin.WriteAsync(System.Text.Encoding.ASCII.GetBytes(text), cancellationToken);
            await stdin.FlushAsync(cancellationToken);
        }
    }

    /// <summary>The prompt has no newline of its own, so it stands glued before the next line, at times more than once.</summary>
    private void Accept(string line)
    {
        while (line.StartsWith(Prompt, StringComparison.Ordinal))
            line = line[Prompt.Length..];
        output.Writer.TryWrite(line);
    }

    private void Complain(string line)
    {
        lock (complaints)
        {
            if (complaints.Count < 20)
                complaints.Add(line);
        }
    }

    private string Said(IReadOnlyList<string> lines)
    {
        lock (complaints)
        {
            var last = complaints.Concat(lines).LastOrDefault(line => line.Length > 0);
            return last is null ? "it said nothing" : $"it said: {last.Trim()}";
        }
    }

    private static bool IsError(string line) =>
        line.StartsWith("Error:", StringComparison.Ordinal)
        || line.StartsWith("Transfer failed:", StringComparison.Ordinal)
        || line.StartsWith("Failed to", StringComparison.Ordinal)
        || line.StartsWith("Core is not halted", StringComparison.Ordinal);
}
