namespace CliWrap.Exceptions;

/// <summary>A command ended with an exit code that its validation does not accept.</summary>
public sealed class CommandExecutionException : Exception
{
    internal CommandExecutionException(int exitCode, string message)
        : base(message) => ExitCode = exitCode;

    public int ExitCode { get; }
}
