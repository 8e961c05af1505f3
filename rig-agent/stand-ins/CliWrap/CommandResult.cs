namespace CliWrap;

/// <summary>How a command ended.</summary>
public class CommandResult
{
    internal CommandResult(int exitCode, DateTimeOffset startTime, DateTimeOffset exitTime)
    {
        ExitCode = exitCode;
        StartTime = startTime;
        ExitTime = exitTime;
    }

    /// <summary>The program's own code; 128 + n when signal n ended it (Linux, macOS).</summary>
    public int ExitCode { get; }

    public bool IsSuccess => ExitCode == 0;

    public DateTimeOffset StartTime { get; }

    public DateTimeOffset ExitTime { get; }

    public TimeSpan RunTime => ExitTime - StartTime;
}
