namespace CliWrap;

/// <summary>Which results of a command count as an exception.</summary>
[Flags]
public enum CommandResultValidation
{
    None = 0,
    ZeroExitCode = 1,
}
