namespace HilRig.Model.Sequences;

/// <summary>What <c>--set NAME=VALUE</c> says, once or more often.</summary>
public static class Settings
{
    /// <exception cref="BadInputException">One is no NAME=VALUE, or a name comes twice.</exception>
    public static IReadOnlyDictionary<string, string> Read(IEnumerable<string>? options)
    {
        var settings = new Dictionary<string, string>();
        foreach (var option in options ?? [])
        {
            if (option.Split('=', 2) is not [{ Length: > 0 } name, var value] || !settings.TryAdd(name, value))
                throw new BadInputException($"--set {option}: expected NAME=VALUE, each name once");
        }
        return settings;
    }
}
