using System.Runtime.CompilerServices;

namespace CliWrap;

/// <summary>A running command: awaitable, and it knows its process.</summary>
public sealed class CommandTask<TResult>
{
    internal CommandTask(Task<TResult> task, int processId)
    {
        Task = task;
        ProcessId = processId;
    }

    public Task<TResult> Task { get; }

    public int ProcessId { get; }

    public TaskAwaiter<TResult> GetAwaiter() => Task.GetAwaiter();

    public ConfiguredTaskAwaitable<TResult> ConfigureAwait(bool continueOnCapturedContext) => Task.ConfigureAwait(continueOnCapturedContext);
}
