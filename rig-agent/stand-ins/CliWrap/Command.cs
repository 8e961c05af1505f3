using CliWrap.Builders;

namespace CliWrap;

/// <summary>What to run and how; immutable, every <c>With…</c> gives a changed copy.</summary>
public sealed class Command
{
    internal Command(CommandSettings settings) => Settings = settings;

    internal CommandSettings Settings { get; }

    public Command WithArguments(IEnumerable<string> arguments) => new(Settings with { Arguments = [.. arguments] });

    public Command WithArguments(Action<ArgumentsBuilder> configure)
    {
        var builder = new ArgumentsBuilder();
        configure(builder);
        return WithArguments(builder.Arguments);
    }

    public Command WithWorkingDirectory(string workingDirPath) => new(Settings with { WorkingDirectory = workingDirPath });

    /// <summary>Adds to the inherited environment; a null value removes the variable.</summary>
    public Command WithEnvironmentVariables(IReadOnlyDictionary<string, string?> environmentVariables) =>
        new(Settings with { EnvironmentVariables = environmentVariables });

    public Command WithValidation(CommandResultValidation validation) => new(Settings with { Validation = validation });

    public Command WithStandardInputPipe(PipeSource source) => new(Settings with { StandardInput = source });

    public Command WithStandardOutputPipe(PipeTarget target) => new(Settings with { StandardOutput = target });

    public Command WithStandardErrorPipe(PipeTarget target) => new(Settings with { StandardError = target });

    /// <summary>Starts the program before it returns, on the caller's thread; cancellation kills the process tree.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">The program cannot be started.</exception>
    public CommandTask<CommandResult> ExecuteAsync(CancellationToken cancellationToken = default) =>
        ExecuteAsync(cancellationToken, CancellationToken.None);

    /// <summary>
    /// As the other overload; <paramref name="gracefulCancellationToken"/> sends an interrupt to the program alone and waits for it to leave.
    /// </summary>
    public CommandTask<CommandResult> ExecuteAsync(CancellationToken forcefulCancellationToken, CancellationToken gracefulCancellationToken)
    {
        var execution = Execution.Start(Settings);
        // Read now: the process is disposed of when the execution has ended, which may be before the next line.
        var processId = execution.ProcessId;
        return new(execution.FinishAsync(forcefulCancellationToken, gracefulCancellationToken), processId);
    }

    public override string ToString() => Settings.ToString();
}
