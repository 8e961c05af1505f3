using CliWrap.Exceptions;

namespace CliWrap;

/// <summary>One started process: its three pipes, its two ways to be stopped, its end.</summary>
internal sealed class Execution
{
    /// <summary>How long a killed process may take to be gone; it cannot refuse, but it can hang in the kernel.</summary>
    private static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(3);

    private readonly CommandSettings settings;
    private readonly ChildProcess process;

    private Execution(CommandSettings settings, ChildProcess process)
    {
        this.settings = settings;
        this.process = process;
    }

    public int ProcessId => process.Id;

    public static Execution Start(CommandSettings settings) => new(settings, ChildProcess.Start(settings));

    public async Task<CommandResult> FinishAsync(CancellationToken forceful, CancellationToken graceful)
    {
        using (process)
        {
            await RunAsync(forceful, graceful).ConfigureAwait(false);
            // Forceful first: it overrides an interrupt that was asked for before it.
            ThrowIfStopped("forcefully", forceful);
            ThrowIfStopped("gracefully", graceful);
            if (process.ExitCode != 0 && settings.Validation.HasFlag(CommandResultValidation.ZeroExitCode))
                throw new CommandExecutionException(process.ExitCode, $"{process} ended with exit code {process.ExitCode}, expected 0: {settings}");
            return new CommandResult(process.ExitCode, process.StartTime, process.ExitTime);
        }
    }

    private async Task RunAsync(CancellationToken forceful, CancellationToken graceful)
    {
        using var killFailed = new CancellationTokenSource();
        using var inputDone = CancellationTokenSource.CreateLinkedTokenSource(forceful);
        using var kill = forceful.Register(() =>
        {
            process.Kill();
            killFailed.CancelAfter(KillLimit);
        });
        using var interrupt = graceful.Register(process.Interrupt);
        var pipes = Task.WhenAll(
            FeedAsync(inputDone.Token),
            DrainAsync(settings.StandardOutput, process.StandardOutput, forceful),
            DrainAsync(settings.StandardError, process.StandardError, forceful));
        try
        {
            await process.WaitForExitAsync(killFailed.Token).ConfigureAwait(false);
            // Nobody reads stdin any more, but output may still be on its way, and a grandchild may hold it open.
            await inputDone.CancelAsync().ConfigureAwait(false);
            await pipes.ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (e.CancellationToken == killFailed.Token)
        {
            throw new TimeoutException($"{process} still runs {KillLimit.TotalSeconds:0} s after it was killed: {settings}", e);
        }
        catch (OperationCanceledException e) when (e.CancellationToken == inputDone.Token || e.CancellationToken == forceful)
        {
            // Our own doing: the caller reports a stop, if one was asked for, in its own words.
        }
    }

    private async Task FeedAsync(CancellationToken done)
    {
        await using var stdin = process.StandardInput.ConfigureAwait(false);
        try
        {
            // A source may ignore its token (a console, say): leave it behind rather than wait for it.
            await settings.StandardInput.CopyToAsync(process.StandardInput, done).WaitAsync(done).ConfigureAwait(false);
        }
        catch (IOException e) when (e.GetType() == typeof(IOException))
        {
            // Broken pipe: the program ended, or closed stdin, without wanting the rest.
        }
    }

    private static async Task DrainAsync(PipeTarget target, Stream output, CancellationToken forceful)
    {
        await using var _ = output.ConfigureAwait(false);
        await target.CopyFromAsync(output, forceful).WaitAsync(forceful).ConfigureAwait(false);
    }

    private void ThrowIfStopped(string how, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            throw new OperationCanceledException($"{process} was {how} terminated on request: {settings}", cancellationToken);
    }
}
