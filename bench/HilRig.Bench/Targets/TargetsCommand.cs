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
            MarkedTable.Require(parsed.GetValue(document), "table");
            var only = parsed.GetValue(rows) ?? [];
            var scale = parsed.GetValue(full) ? Full : Math.Max(1, parsed.GetValue(times));
            var chosen = Rows(scale).Where(row => only.Length == 0 || only.Contains(row.Number)).ToList();
            var output = parsed.InvocationConfiguration.Output;
            var lines = new List<string>();
            foreach (var (_, measure) in chosen)
            {
                var began = Stopwatch.GetTimestamp();
                var row = measure();
                lines.Add($"| {(row.Number == 0 ? "–" : row.Number)} | {row.Quantity} | {row.Limit} | {row.Target} | {(row.Met ? "**met**" : "**short**")}: {row.Ours}{(row.Met || row.Why.Length == 0 ? "" : $". *{row.Why}*")} | {row.Draws:N0}, {TimeProvider.System.GetUtcNow():yyyy-MM-dd} |");
                output.WriteLine($"{lines[^1]}  [{Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s]");
            }
            if (parsed.GetValue(document) is { } file)
                MarkedTable.Write(file, "table", Table(lines, MarkedTable.Read(file, "table")));
        });
        return command;
    }

    /// <summary>The measured rows in their order, the others as they stand in the document.</summary>
    private static string Table(List<string> measured, string before)
    {
        var rows = before.Split('\n').Concat(measured).Where(line => NumberOf(line) is not null).GroupBy(line => NumberOf(line)!.Value).OrderBy(row => row.Key).Select(row => row.Last());
        return $"""
            Measured by `./rig bench analysis --row N --times M --write docs/sign-off.md`, each row on its day; the seeds are the draws' numbers, so that as
            many draws are the same nights.

            | # | quantity | limit | target | ours | draws |
            |---|---|---|---|---|---|
            {string.Join('\n', rows)}
            """;
    }

    /// <summary>A row's place in the table, the coverage last; null for a line that is none.</summary>
    private static int? NumberOf(string line) => line.Split('|') is ["", var number, _, ..] ? number.Trim() is "–" ? int.MaxValue : int.TryParse(number, out var parsed) ? parsed : null : null;

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
        (0, () => CoverageTargets.Coverage(400 * scale)),
    ];
}
