using System.Buffers;
using System.Text.RegularExpressions;

namespace HilRig.Analysis.Reproducers;

/// <summary>A step as it was executed.</summary>
/// <param name="Arguments">As events tell them: <c>by=power</c>, several separated by a space.</param>
public sealed partial record ExecutedStep(string Name, string Arguments)
{
    /// <summary>What <c>expect</c> adds to the arguments of the step that the board must refuse.</summary>
    private const string Expected = "expect";

    /// <summary>What a value may not have in it unquoted.</summary>
    private static readonly SearchValues<char> Special = SearchValues.Create(" ,:{}[]#'\"");

    /// <summary>Names and values.</summary>
    public IEnumerable<(string Name, string Value)> Values => Argument().Matches(Arguments).Select(match => (match.Groups[1].Value, match.Groups[2].Value));

    /// <summary>The same step with another value of an argument.</summary>
    public ExecutedStep With(string name, string value) =>
        this with { Arguments = string.Join(' ', Values.Select(argument => $"{argument.Name}={(argument.Name == name ? value : argument.Value)}")) };

    /// <summary>As an entry of a list of steps in a sequence file.</summary>
    public override string ToString()
    {
        var own = Values.Where(argument => argument.Name != Expected).ToList();
        var step = own.Count == 0 ? Name : $"{Name}: {{{string.Join(", ", own.Select(argument => $"{argument.Name}: {Quoted(argument.Value)}"))}}}";
        return Values.FirstOrDefault(argument => argument.Name == Expected) is { Value: { } status } ? $"expect: {{status: {status}, step: {(own.Count == 0 ? step : $"{{{step}}}")}}}" : step;
    }

    private static string Quoted(string value) => value.AsSpan().IndexOfAny(Special) < 0 ? value : $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    // A value may have spaces in it: it goes on until the next name.
    [GeneratedRegex("(?:^| )([a-z][a-z-]*)=(.*?)(?= [a-z][a-z-]*=|$)")]
    private static partial Regex Argument();
}
