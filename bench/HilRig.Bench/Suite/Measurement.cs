using System.Diagnostics;
using HilRig.Bench.Chaos;

namespace HilRig.Bench.Suite;

/// <summary>One benchmark with the figures that its output has, and how it is started: short, for a cup of coffee, and full, for as long as it takes.</summary>
/// <param name="Short">Verb and arguments.</param>
/// <param name="Full">The same for <c>--full</c>.</param>
internal sealed record Measurement(string Short, string Full, params IReadOnlyList<Figure> Figures)
{
    /// <summary>So that the short forms of all end in a quarter of an hour, whatever hangs.</summary>
    private static readonly TimeSpan ShortLimit = TimeSpan.FromSeconds(100);
    private static readonly TimeSpan FullLimit = TimeSpan.FromHours(12);

    /// <summary>Its rows of the table. A benchmark that cannot run here says why in them.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(bool isFull, TextWriter output)
    {
        var arguments = isFull ? Full : Short;
        var command = $"./rig bench {arguments}";
        var (limit, began) = (isFull ? FullLimit : ShortLimit, Stopwatch.GetTimestamp());
        // A process of its own: what one has warmed up or used up is not the next one's.
        using var bench = Child.Start("HilRig.Bench", arguments.Split(' '));
        try
        {
            var exit = await bench.ExitAsync(limit);
            output.WriteLine($"{command}: exit code {exit} after {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s");
            var lines = bench.Output.Split('\n');
            return exit == 0 ? [.. Figures.SelectMany(figure => figure.Rows(command, lines))] : Missing(command, Reason(lines));
        }
        catch (TimeoutException)
        {
            output.WriteLine($"{command}: not done after {limit.TotalSeconds:0} s");
            return Missing(command, $"not done within {limit.TotalSeconds:0} s");
        }
    }

    private string[] Missing(string command, string why) => [.. Figures.Select(figure => figure.Missing(command, why))];

    private static string Reason(string[] lines)
    {
        var line = lines.FirstOrDefault(line => line.Contains("Exception: ", StringComparison.Ordinal)) ?? lines.LastOrDefault(line => line.Length > 0) ?? "it said nothing";
        return line[(line.IndexOf("Exception: ", StringComparison.Ordinal) is var at and >= 0 ? at + "Exception: ".Length : 0)..].Trim();
    }
}
