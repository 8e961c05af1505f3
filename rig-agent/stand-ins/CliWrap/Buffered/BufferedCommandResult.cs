namespace CliWrap.Buffered;

/// <summary>How a command ended, and all that it printed.</summary>
public sealed class BufferedCommandResult : CommandResult
{
    internal BufferedCommandResult(CommandResult result, string standardOutput, string standardError)
        : base(result.ExitCode, result.StartTime, result.ExitTime)
    {
        StandardOutput = standardOutput;
        StandardError = standardError;
    }

    public string StandardOutput { get; }

    public string StandardError { get; }
}
