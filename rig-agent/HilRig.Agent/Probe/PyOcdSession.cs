using System.Text;
using System.Threading.Channels;
using CliWrap;
using HilRig.Agent.Places;

namespace HilRig.Agent.Probe;

/// <summary>
/// One <c>pyocd commander</c> process, fed through a pipe: one line of commands in flight, followed by a sentinel
/// (facts: its prompt and errors go to stdout, its exit code says nothing). After a missed deadline a session is never used again.
/// </summary>
public sealed class PyOcdSession : IAsyncDisposable
{
    private const uint CpuId = 0xE000ED00;
    private const uint ArmImplementer = 0x41;

    /// <summary>
    /// Starts at a time, over all probes of the agent: one takes half a second of a processor, and 64 boards that begin together
    /// would each miss the deadline of theirs.
    /// </summary>
    private static readonly SemaphoreSlim Starting = new(2 * Environment.ProcessorCount);

    private static readonly TimeSpan ExitGrace = TimeSpan.FromSeconds(5);

    private readonly ProbeSettings settings;
    private readonly BenchTrace? trace;
    private readonly Channel<string> input = Channel.CreateUnbounded<string>();
    private readonly PyOcdOutput output = new();
    private readonly List<string> complaints = [];
    private readonly CancellationTokenSource kill = new();
    private Task exited = Task.CompletedTask;
    private int sentinel;

    private PyOcdSession(ProbeSettings settings, string workFolder, BenchTrace? trace)
    {
        this.settings = settings;
        this.trace = trace;
        WorkFolder = workFolder;
    }

    /// <summary>The process's working directory, its own; what it saves and loads under a bare name lies there.</summary>
    public string WorkFolder { get; }

    /// <summary>False once a deadline was missed or the process ended.</summary>
    public bool IsUsable { get; private set; } = true;

    /// <summary>The operating system's id of the process.</summary>
    public int ProcessId { get; private set; }

    /// <summary>Starts pyOCD and waits until it is connected and answers; throws <see cref="ProbeException"/> with pyOCD's own words.</summary>
    public static async Task<PyOcdSession> StartAsync(ProbeSettings settings, ConnectMode mode, BenchTrace? trace, CancellationToken cancellationToken)
    {
        await Starting.WaitAsync(cancellationToken);
        var session = new PyOcdSession(settings, ProbeFolders.Create(), trace);
        try
        {
            await session.LaunchAsync(mode);
            await session.GreetAsync(mode, cancellationToken);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
        finally
        {
            Starting.Release();
        }
    }

    /// <summary>
    /// Runs one line, which may hold several commands between semicolons: the first that fails ends the line. Returns what it
    /// printed; a line that pyOCD marks as an error throws.
    /// </summary>
    public async Task<PyOcdReply> RunAsync(string command, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var lines = await AskAsync(command, deadline, cancellationToken);
        var error = lines.Find(IsError);
        return error is null
            ? new PyOcdReply(settings.Uid, command, lines)
            : throw new ProbeException($"probe {settings.Uid}: `{command}`: {error}", isWorthRestart: true);
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

    private async Task GreetAsync(ConnectMode mode, CancellationToken cancellationToken)
    {
        if (mode == ConnectMode.DebugPortOnly)
        {
            (await AskAsync("initdp", settings.Timeouts.Start, cancellationToken)).ForEach(RefuseError);
            return;
        }
        var greeting = await AskAsync("status", settings.Timeouts.Start, cancellationToken);
        if (!greeting.Exists(line => line.StartsWith("Core 0", StringComparison.Ordinal)))
            throw new ProbeException($"probe {settings.Uid}: no core answers ({Said(greeting)}); check the board's power and the SWD cable", isWorthRestart: true);
        // A probe that kept an answer of a killed process gives each answer one question late (facts: pyocd §7).
        var cpuId = (await RunAsync($"read32 0x{CpuId:x8}", settings.Timeouts.Command, cancellationToken)).Words(1)[0];
        if (cpuId >> 24 != ArmImplementer)
            throw new ProbeException($"probe {settings.Uid}: SCB CPUID reads 0x{cpuId:X8}, expected 0x{ArmImplementer:X2}……; unplug the probe and plug it in again", isWorthRestart: true);
    }

    private void RefuseError(string line)
    {
        if (IsError(line))
            throw new ProbeException($"probe {settings.Uid}: the debug port does not answer ({line}); check the board's power and the SWD cable", isWorthRestart: true);
    }

    private async Task<List<string>> AskAsync(string command, TimeSpan deadline, CancellationToken cancellationToken)
    {
        if (!IsUsable)
            throw new ProbeException($"probe {settings.Uid}: pyOCD was not asked `{command}`: its process had failed before", isWorthRestart: true);
        var mark = $"@@{++sentinel}";
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(deadline);
        var lines = new List<string>();
        var isAnswered = false;
        var began = trace?.Now ?? 0;
        try
        {
            await input.Writer.WriteAsync($"{command}\n$print('{mark}')\n", timeout.Token);
            while (await output.ReadLineAsync(timeout.Token) is var line && line != mark)
            {
                if (line.Length > 0)
                    lines.Add(line);
            }
            isAnswered = true;
            return lines;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ProbeException($"probe {settings.Uid}: pyOCD did not finish `{command}` within {deadline.TotalSeconds:0.#} s ({Said(lines)})", isWorthRestart: true);
        }
        catch (ChannelClosedException exception)
        {
            var why = exception.InnerException is InvalidDataException nonsense ? $"was cut off during `{command}`: {nonsense.Message}" : $"ended during `{command}` ({Said(lines)})";
            throw new ProbeException($"probe {settings.Uid}: pyOCD {why}", isWorthRestart: true);
        }
        finally
        {
            IsUsable &= isAnswered;
            trace?.Add(BenchTrace.LaneOf(command), began, command, failed: !isAnswered || lines.Exists(IsError));
        }
    }

    private async Task LaunchAsync(ConnectMode mode)
    {
        List<string> arguments =
        [
            "commander", "-W", "-u", settings.Uid, "-t", settings.Target, "-f", settings.Frequency,
            "-O", "auto_unlock=false", "-O", "reset.post_delay=0.01", "-j", WorkFolder,
            .. mode == ConnectMode.DebugPortOnly ? ["-N"] : (string[])["-M", Places.KebabCase.From(mode.ToString())],
            .. settings.Pack is { } pack ? ["--pack", pack] : (string[])[],
        ];
        var (program, all) = ParentDeath.Wrap(PyOcdProgram.Path, arguments);
        var command = Cli.Wrap(program)
            .WithArguments(all)
            .WithWorkingDirectory(WorkFolder)
            .WithEnvironmentVariables(new Dictionary<string, string?> { ["PYOCD_HISTORY"] = Path.Combine(WorkFolder, "history") })
            .WithValidation(CommandResultValidation.None)
            .WithStandardInputPipe(PipeSource.Create(FeedAsync))
            .WithStandardOutputPipe(PipeTarget.Create(output.CopyFromAsync))
            .WithStandardErrorPipe(PipeTarget.ToDelegate(Complain));
        var running = await SpawnerThread.RunAsync(() => command.ExecuteAsync(kill.Token, CancellationToken.None));
        ProcessId = running.ProcessId;
        exited = running.Task.ContinueWith(_ => output.Complete(), TaskScheduler.Default);
    }

    private async Task FeedAsync(Stream stdin, CancellationToken cancellationToken)
    {
        await foreach (var text in input.Reader.ReadAllAsync(cancellationToken))
        {
            await stdin.WriteAsync(Encoding.ASCII.GetBytes(text), cancellationToken);
            await stdin.FlushAsync(cancellationToken);
        }
    }

    private void Complain(string line)
    {
        lock (complaints)
        {
            if (complaints.Count < 20)
                complaints.Add(line);
        }
    }

    private string Said(List<string> lines)
    {
        lock (complaints)
        {
            var last = lines.Concat(complaints).LastOrDefault(line => line.Length > 0);
            return last is null ? "it said nothing" : $"it said: {(last.Length <= 200 ? last : last[..200] + "…").Trim()}";
        }
    }

    private static bool IsError(string line) =>
        line.StartsWith("Error:", StringComparison.Ordinal)
        || line.StartsWith("Transfer failed:", StringComparison.Ordinal)
        || line.StartsWith("Failed to", StringComparison.Ordinal)
        || line.StartsWith("Core is not halted", StringComparison.Ordinal);
}
