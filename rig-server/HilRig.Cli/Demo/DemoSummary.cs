using HilRig.Model.Runs;

namespace HilRig.Cli.Demo;

/// <summary>Prints what the demo found.</summary>
public static class DemoSummary
{
    public static void Print(DemoFinding finding, TextWriter output)
    {
        output.WriteLine();
        foreach (var run in finding.Runs.OrderBy(run => run.Started.Place, StringComparer.Ordinal))
        {
            var counts = string.Join(", ", run.CyclesByVerdict.OrderBy(pair => pair.Key).Select(pair => $"{pair.Value} {pair.Key.ToString().ToLowerInvariant()}"));
            output.WriteLine($"{run.Started.Place}  release {run.Started.Release}: {run.CyclesDone} cycles ({counts}), {run.MarginalSteps} marginal steps");
        }
        output.WriteLine();
        output.WriteLine(finding.Flags.Count == 0 ? "No flags." : "Flags:");
        foreach (var flag in finding.Flags)
        {
            output.WriteLine($"  {flag.Class.ToString().ToLowerInvariant(),-13} {flag.Fingerprint}  {flag.Rate}  on {string.Join(", ", flag.Places)}");
            foreach (var trigger in flag.Triggers.Where(trigger => trigger.Rank == 1))
                output.WriteLine($"                {trigger.Inside.Failures} of {trigger.Inside.Trials} when {trigger.Sentence}, {trigger.Outside.Failures} of {trigger.Outside.Trials} otherwise");
        }
        if (finding.Evidence is { } views)
            PrintViews(views, output);
        output.WriteLine();
        foreach (var promise in finding.Promises)
            output.WriteLine($"  [{(promise.Holds ? "found" : "NOT FOUND")}] {promise.What}");
    }

    private static void PrintViews(MemoryViews views, TextWriter output)
    {
        output.WriteLine();
        output.WriteLine($"Evidence: {views.BytesDiffering} of {views.BytesCompared} bytes differ between the views");
        foreach (var row in views.Rows.Take(4))
        {
            output.WriteLine($"  0x{row.Address:X8}  array       {row.Array}");
            output.WriteLine($"              core        {row.Core}");
            output.WriteLine($"              bootloader  {(row.Bootloader.Length == 0 ? "(not read)" : row.Bootloader)}");
        }
    }
}
