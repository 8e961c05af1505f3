using System.CommandLine;
using System.Diagnostics;

namespace HilRig.Bench.Targets;

/// <summary><c>bench analysis</c>: measures every row of the table of targets by simulation and writes it into the document.</summary>
internal static class TargetsCommand
{
    /// <summary>Enough for clean nights to be counted in the hundreds; nobody waits for it.</summary>
    private const int Full = 50;

    public static Command Create()
    {
        var full = new Option<bool>("--full") { Description = "Draw as much as the targets ask for, without a time limit (hours)" };
        var times = new Option<int>("--times") { Description = "So many times the draws of the short form", DefaultValueFactory = _ => 1 };
        var rows = new Option<int[]>("--row") { Description = "Only these rows; 0 is the coverage of intervals", AllowMultipleArgumentsPerToken = true };
        var document = new Option<string?>("--write") { Description = "Put the table into this document, between its two marks" };
        var command = new Command("analysis", "Measure the analysis against its targets by simulation") { full, times, rows, document };
        command.SetAction(parsed =>
        {
            var only = parsed.GetValue(rows) ?? [];
            var scale = parsed.GetValue(full) ? Full : Math.Max(1, parsed.GetValue(times));
            var chosen = Rows(scale).Where(row => only.Length == 0 || only.Contains(row.Number)).ToList();
            var output = parsed.InvocationConfiguration.Output;
            var lines = new List<string> { "| # | quantity | limit | target | ours | draws |", "|---|---|---|---|---|---|" };
            foreach (var (_, measure) in chosen)
            {
                var began = Stopwatch.GetTimestamp();
                var row = measure();
                lines.Add($"| {(row.Number == 0 ? "–" : row.Number)} | {row.Quantity} | {row.Limit} | {row.Target} | {(row.Met ? "**met**" : "**short**")}: {row.Ours}{(row.Met || row.Why.Length == 0 ? "" : $". *{row.Why}*")} | {row.Draws:N0} |");
                output.WriteLine($"{lines[^1]}  [{Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s]");
            }
            if (parsed.GetValue(document) is { } file)
                MarkedTable.Write(file, "table", $"Measured on {TimeProvider.System.GetUtcNow():yyyy-MM-dd} by `./rig bench analysis --times {scale}`; the seeds are the draws' numbers, so that the same command draws the same nights.\n\n{string.Join('\n', lines)}");
        });
        return command;
    }

    private static IEnumerable<(int Number, Func<TargetRow> Measure)> Rows(int scale) =>
    [
        (1, () => FlagTargets.CleanNights(8 * scale)),
        (2, () => FlagTargets.CyclesToFlag(2, 0.005, 1, (450, 900), "mean 435", 20 * scale)),
        (3, () => FlagTargets.CyclesToFlag(3, 0.001, 4, (3400, 7000), "mean 3,356", 8 * scale)),
        (4, () => FlagTargets.RareTrigger(40 * scale)),
        (5, () => FlagTargets.Attribution(12 * scale)),
        (6, () => TriggerTargets.RankOne(6 * scale)),
        (7, () => TriggerTargets.FalseTriggers(60 * scale)),
        (8, () => TriggerTargets.Identify(60 * scale)),
        (9, () => TriggerTargets.Confirm(300 * scale)),
        (10, () => ReproducerTargets.Histories(60 * scale)),
        (11, () => ReproducerTargets.Pairs(60 * scale)),
        (12, () => SignOffTargets.Cost(20_000 * scale)),
        (13, () => SignOffTargets.Alarm(2_000 * scale)),
        (14, () => SignOffTargets.Place(200 * scale)),
        (15, ExposureTargets.Pairs),
        (0, CoverageTargets.Coverage),
    ];
}
