namespace HilRig.Agent.Running;

/// <summary>Where a step may ask a person. Nobody is there unless a terminal is.</summary>
public sealed class OperatorDesk
{
    private Action<string>? tell;
    private TaskCompletionSource? waiting;

    public bool IsThere => tell is not null;

    /// <summary>A person sits down who reads what <paramref name="say"/> says.</summary>
    public void SitDown(Action<string> say) => tell = say;

    /// <summary>The person did what was asked; without a question nothing.</summary>
    public void Answer() => Interlocked.Exchange(ref waiting, null)?.TrySetResult();

    /// <summary>Asks and waits for <see cref="Answer"/>; throws <see cref="TimeoutException"/> when none came in time.</summary>
    public async Task AskAsync(string text, TimeSpan within, TimeProvider time, CancellationToken cancellationToken)
    {
        var question = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.Exchange(ref waiting, question);
        tell!($"{text} - then press Enter (within {within.TotalSeconds:0.###} s)");
        await question.Task.WaitAsync(within, time, cancellationToken);
    }
}
