namespace CliWrap;

/// <summary>Where every command starts.</summary>
public static class Cli
{
    /// <summary>A command that runs a program, given by path or by a name on the PATH.</summary>
    public static Command Wrap(string targetFilePath) => new(new CommandSettings(targetFilePath));
}
