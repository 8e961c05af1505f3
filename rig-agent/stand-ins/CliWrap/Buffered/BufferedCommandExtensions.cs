using System.Text;
using CliWrap.Exceptions;

namespace CliWrap.Buffered;

/// <summary>Runs a command for the text that it prints.</summary>
public static class BufferedCommandExtensions
{
    public static CommandTask<BufferedCommandResult> ExecuteBufferedAsync(this Command command, CancellationToken cancellationToken = default) =>
        command.ExecuteBufferedAsync(Encoding.UTF8, Encoding.UTF8, cancellationToken, CancellationToken.None);

    /// <summary>The command's own output pipes, if set, get the text as well.</summary>
    /// <exception cref="CommandExecutionException">The exit code is not accepted; the message holds what the program said on stderr.</exception>
    public static CommandTask<BufferedCommandResult> ExecuteBufferedAsync(
        this Command command,
        Encoding standardOutputEncoding,
        Encoding standardErrorEncoding,
        CancellationToken forcefulCancellationToken,
        CancellationToken gracefulCancellationToken)
    {
        var output = new StringBuilder();
        var error = new StringBuilder();
        // Validated here and not within: only here is stderr known for the message.
        var running = command
            .WithStandardOutputPipe(PipeTarget.Merge(command.Settings.StandardOutput, PipeTarget.ToStringBuilder(output, standardOutputEncoding)))
            .WithStandardErrorPipe(PipeTarget.Merge(command.Settings.StandardError, PipeTarget.ToStringBuilder(error, standardErrorEncoding)))
            .WithValidation(CommandResultValidation.None)
            .ExecuteAsync(forcefulCancellationToken, gracefulCancellationToken);
        return new(FinishAsync(), running.ProcessId);

        async Task<BufferedCommandResult> FinishAsync()
        {
            var result = await running.ConfigureAwait(false);
            if (!result.IsSuccess && command.Settings.Validation.HasFlag(CommandResultValidation.ZeroExitCode))
                throw new CommandExecutionException(result.ExitCode, $"exit code {result.ExitCode}, expected 0: {command}: {error.ToString().Trim()}");
            return new BufferedCommandResult(result, output.ToString(), error.ToString());
        }
    }
}
