namespace CliWrap;

/// <summary>Everything a <see cref="Command"/> is told before it runs.</summary>
internal sealed record CommandSettings(string TargetFilePath)
{
    public IReadOnlyList<string> Arguments { get; init; } = [];
    public string WorkingDirectory { get; init; } = Directory.GetCurrentDirectory();
    public IReadOnlyDictionary<string, string?> EnvironmentVariables { get; init; } = new Dictionary<string, string?>();
    public CommandResultValidation Validation { get; init; } = CommandResultValidation.ZeroExitCode;
    public PipeSource StandardInput { get; init; } = PipeSource.Null;
    public PipeTarget StandardOutput { get; init; } = PipeTarget.Null;
    public PipeTarget StandardError { get; init; } = PipeTarget.Null;

    public override string ToString() => string.Join(' ', [TargetFilePath, .. Arguments]);
}
