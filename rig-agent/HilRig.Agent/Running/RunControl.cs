using HilRig.Model.Rig;

namespace HilRig.Agent.Running;

/// <summary>What a person at the terminal or a server wants of a run that is under way.</summary>
public sealed class RunControl : IDisposable
{
    private readonly Lock gate = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly CancellationTokenSource now = new();
    private CancellationTokenSource skip = new();
    private TaskCompletionSource? pause;

    /// <summary>Cancelled by either stop: nothing new is to begin.</summary>
    public CancellationToken Stopping => stopping.Token;

    /// <summary>Cancelled when the step in progress is to be broken off.</summary>
    public CancellationToken Now => now.Token;

    /// <summary>Cancelled when the present cycle is to be left.</summary>
    public CancellationToken Skip
    {
        get
        {
            lock (gate)
                return skip.Token;
        }
    }

    public bool IsPaused
    {
        get
        {
            lock (gate)
                return pause is not null;
        }
    }

    public void Steer(RunSteering steering)
    {
        switch (steering)
        {
            case RunSteering.Pause:
                lock (gate)
                    pause ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                break;
            case RunSteering.Resume:
                Release();
                break;
            case RunSteering.Skip:
                CancellationTokenSource present;
                lock (gate)
                    present = skip;
                present.Cancel();
                Release();
                break;
            case RunSteering.StopAfterStep:
                stopping.Cancel();
                Release();
                break;
            case RunSteering.StopNow:
                stopping.Cancel();
                now.Cancel();
                Release();
                break;
        }
    }

    /// <summary>Stands still while the run is paused; <paramref name="tell"/> hears of it.</summary>
    public async Task WaitWhilePausedAsync(Action<string> tell, CancellationToken cancellationToken)
    {
        Task? resumed;
        lock (gate)
            resumed = pause?.Task;
        if (resumed is null)
            return;
        tell("paused");
        await resumed.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        tell("goes on");
    }

    /// <summary>True once for each skip that was asked for.</summary>
    public bool TakeSkip()
    {
        lock (gate)
        {
            if (!skip.IsCancellationRequested)
                return false;
            skip.Dispose();
            skip = new CancellationTokenSource();
            return true;
        }
    }

    public void Dispose()
    {
        stopping.Dispose();
        now.Dispose();
        skip.Dispose();
    }

    private void Release()
    {
        TaskCompletionSource? held;
        lock (gate)
            (held, pause) = (pause, null);
        held?.TrySetResult();
    }
}
