using System.CommandLine;
using System.Diagnostics;
using HilRig.Bench.Targets;

namespace HilRig.Bench.Suite;

/// <summary><c>./rig bench</c> without a verb: all of it, one after the other, into one table.</summary>
internal static class SuiteCommand
{
    /// <summary>Makes the root command do it where no verb is given.</summary>
    public static void AddTo(RootCommand root)
    {
        var full = new Option<bool>("--full") { Description = "Each benchmark at its full size, without a time limit (hours)" };
        var only = new Option<string[]>("--only") { Description = "Only benchmarks whose verb contains this; may be repeated" };
        var document = new Option<string?>("--write") { Description = "Put the table into this document, between its two marks" };
        root.Add(full);
        root.Add(only);
        root.Add(document);
        root.SetAction(parsed => RunAsync(parsed.GetValue(full), parsed.GetValue(only) ?? [], parsed.GetValue(document), parsed.InvocationConfiguration.Output));
    }

    private static async Task RunAsync(bool isFull, string[] only, string? document, TextWriter output)
    {
        MarkedTable.Require(document, "suite");
        var began = Stopwatch.GetTimestamp();
        var machine = Machine.Describe();
        var rows = new List<string>();
        foreach (var measurement in AllMeasurements.List.Where(measurement => only.Length == 0 || only.Any(word => measurement.Short.Split(' ')[0].Contains(word, StringComparison.Ordinal))))
            rows.AddRange(await measurement.RunAsync(isFull, output));
        var command = $"./rig bench{(isFull ? " --full" : "")}{string.Concat(only.Select(word => $" --only {word}"))}";
        var table = $"""
            {TimeProvider.System.GetUtcNow():yyyy-MM-dd}, `{command}`, {Stopwatch.GetElapsedTime(began).TotalMinutes:0} min, {machine}:

            | command | what | figure | as a ratio to | target | |
            |---|---|---|---|---|---|
            {string.Join('\n', rows)}
            """;
        output.WriteLine(table);
        if (document is not null)
            MarkedTable.Write(document, "suite", table);
    }
}
