using System.CommandLine;
using HilRig.Bench.Targets;

namespace HilRig.Bench.Histories;

/// <summary><c>bench histories</c>: how often the report on freshly drawn histories is right, a line a kind of night.</summary>
internal static class HistoriesBench
{
    public static Command Create()
    {
        var draws = new Option<int>("--draws") { Description = "Histories drawn of each kind", DefaultValueFactory = _ => 20 };
        var seed = new Option<int>("--seed") { Description = "Seed of the first history", DefaultValueFactory = _ => 1000 };
        var only = new Option<string>("--only") { Description = "Kinds whose name contains this", DefaultValueFactory = _ => "" };
        var command = new Command("histories", "Right reports on drawn histories, by kind of night") { draws, seed, only };
        command.SetAction(result => Run(result.GetValue(draws), result.GetValue(seed), result.GetValue(only)!, result.InvocationConfiguration.Output));
        return command;
    }

    private static void Run(int draws, int firstSeed, string only, TextWriter output)
    {
        output.WriteLine($"{"kind of night",-34} right                        first wrong ones (seed: why)");
        foreach (var scenario in Scenario.All.Where(scenario => scenario.Name.Contains(only, StringComparison.Ordinal)))
        {
            var wrong = Enumerable.Range(firstSeed, draws)
                .Select(seed => (Seed: seed, Why: scenario.Check(seed)))
                .Where(draw => draw.Why is not null)
                .ToList();
            output.WriteLine($"{scenario.Name,-34} {Figures.Share(draws - wrong.Count, draws)}".PadRight(64) + string.Join(" · ", wrong.Take(3).Select(draw => $"{draw.Seed}: {draw.Why}")));
        }
    }
}
