using HilRig.Agent.Places;

namespace HilRig.Agent.Probe;

/// <summary>
/// A debug probe, by one long-lived pyOCD child. A session that failed is replaced before the next command; only commands that
/// read are repeated. One command at a time. What it can do stands in the other parts of this class, by subject.
/// </summary>
public sealed partial class PyOcdProbe(ProbeSettings settings, BenchTrace? trace = null) : IAsyncDisposable
{
    private readonly SemaphoreSlim turn = new(1, 1);
    private PyOcdSession? session;
    private ConnectMode nextMode;
    private MemoryView? view;
    private bool hasFailed;

    public string Uid => settings.Uid;

    /// <summary>How many pyOCD processes were started in place of one that failed.</summary>
    public int Restarts { get; private set; }

    /// <summary>Id of the present pyOCD process; null while there is none.</summary>
    public int? ProcessId => session?.ProcessId;

    internal ProbeSettings Settings => settings;

    private ProbeTimeouts Timeouts => settings.Timeouts;

    /// <summary>Connects now, so that a wrong uid is known before cycle 1.</summary>
    public Task ConnectAsync(CancellationToken cancellationToken) => OnceAsync(_ => Task.CompletedTask, cancellationToken);

    /// <summary>Begins a new session in the given mode; a session that later replaces it attaches again.</summary>
    public async Task ConnectAsync(ConnectMode mode, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            await DropAsync();
            nextMode = mode;
        }
        finally
        {
            turn.Release();
        }
        await ConnectAsync(cancellationToken);
    }

    /// <summary>
    /// The board lost power, and with it the debug port: powers the port up again in the running session
    /// by pyOCD's <c>initdp</c>, or begins a new one where that fails.
    /// </summary>
    public async Task ReviveAsync(CancellationToken cancellationToken)
    {
        view = null;
        owesResume = false;
        try
        {
            await OnceAsync(async pyOcd =>
            {
                (await pyOcd.RunAsync("initdp", Timeouts.Reset, cancellationToken)).ExpectNothing();
                // pyOCD still believes in the AHB-AP's old CSW and would not write it again: two reads with different HPROT make it.
                foreach (var either in Enum.GetValues<MemoryView>())
                {
                    await SelectAsync(pyOcd, either, cancellationToken);
                    await pyOcd.RunAsync($"read32 0x{CpuId:x8}", Timeouts.Command, cancellationToken);
                }
            }, cancellationToken);
        }
        catch (ProbeException)
        {
            await ConnectAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (owesResume)
            await TryLetGoAsync();
        await DropAsync();
        turn.Dispose();
    }

    /// <summary>What only looks: repeated once in a new process.</summary>
    internal Task<T> ReadingAsync<T>(Func<PyOcdSession, Task<T>> read, CancellationToken cancellationToken) =>
        Policies.ProbeRead.ExecuteAsync(async token => await OnceAsync(read, token), cancellationToken).AsTask();

    /// <summary>What changes the board: never repeated.</summary>
    internal async Task<T> OnceAsync<T>(Func<PyOcdSession, Task<T>> act, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            var pyOcd = await SessionAsync(cancellationToken);
            return await act(pyOcd);
        }
        catch (ProbeException exception) when (exception.IsWorthRestart)
        {
            hasFailed = true;
            await DropAsync();
            throw;
        }
        finally
        {
            turn.Release();
        }
    }

    internal Task OnceAsync(Func<PyOcdSession, Task> act, CancellationToken cancellationToken) => OnceAsync(async pyOcd =>
    {
        await act(pyOcd);
        return true;
    }, cancellationToken);

    private async Task<PyOcdSession> SessionAsync(CancellationToken cancellationToken)
    {
        if (session is { IsUsable: true })
            return session;
        await DropAsync();
        try
        {
            session = await Policies.ProbeStart.ExecuteAsync(StartAsync, cancellationToken);
        }
        catch (ProbeException exception) when (exception.IsWorthRestart)
        {
            // Three processes could not start: whoever asked need not repeat that, a secured part alone would cost six.
            throw new ProbeException(exception.Message, isWorthRestart: false, exception);
        }
        nextMode = ConnectMode.Attach;
        await SettleCoreAsync(session);
        return session;
    }

    /// <summary>Each process that takes the place of one that failed is counted, also the one that fails in turn.</summary>
    private async ValueTask<PyOcdSession> StartAsync(CancellationToken cancellationToken)
    {
        Restarts += hasFailed ? 1 : 0;
        hasFailed = true;
        var started = await PyOcdSession.StartAsync(settings, nextMode, trace, cancellationToken);
        hasFailed = false;
        return started;
    }

    private async Task DropAsync()
    {
        view = null;
        if (session is not { } old)
            return;
        session = null;
        await old.DisposeAsync();
    }
}
