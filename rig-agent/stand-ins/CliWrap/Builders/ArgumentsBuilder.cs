namespace CliWrap.Builders;

/// <summary>Collects arguments one by one; each reaches the program whole, whatever characters it holds.</summary>
public sealed class ArgumentsBuilder
{
    private readonly List<string> arguments = [];

    internal ArgumentsBuilder()
    {
    }

    internal IReadOnlyList<string> Arguments => arguments;

    public ArgumentsBuilder Add(string value)
    {
        arguments.Add(value);
        return this;
    }

    public ArgumentsBuilder Add(IEnumerable<string> values)
    {
        arguments.AddRange(values);
        return this;
    }
}
