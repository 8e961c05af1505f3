using System.CommandLine;
using System.Diagnostics;
using HilRig.Bench.Targets;

namespace HilRig.Bench.Chaos;

/// <summary><c>./rig chaos</c>: breaks a lab of real processes at random, then compares the stored history with what the boards logged themselves.</summary>
internal static class ChaosCommand
{
    private const int Shown = 20;

    public static Command Create()
    {
        var minutes = new Option<double>("--minutes") { Description = "How long things are broken", DefaultValueFactory = _ => 3 };
        var seed = new Option<int>("--seed") { Description = "Replays what is done and when, not what the machine makes of it", DefaultValueFactory = _ => 1 };
        var boards = new Option<int>("--boards") { Description = "Boards, each with an agent of its own; the first has its D-cache on", DefaultValueFactory = _ => 3 };
        var document = new Option<string?>("--write") { Description = "Put the figures into this document, between its two marks" };
        var command = new Command("chaos", "Break server, agents, network, disks, probes and supplies at random; 0 where nothing was lost, doubled, reordered, blamed on the wrong one or stuck, else 1")
        {
            minutes, seed, boards, document,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(minutes), parsed.GetValue(seed), parsed.GetValue(boards), parsed.GetValue(document), parsed.InvocationConfiguration.Output, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(double minutes, int seed, int boards, string? document, TextWriter output, CancellationToken cancellationToken)
    {
        if (minutes <= 0 || boards is < 1 or > 50)
        {
            await Console.Error.WriteLineAsync("--minutes must be more than 0, --boards 1 to 50. Try: chaos --help");
            return 2;
        }
        MarkedTable.Require(document, "chaos");
        var folder = Directory.CreateTempSubdirectory("hilrig-chaos-").FullName;
        output.WriteLine(FormattableString.Invariant($"chaos: {boards} boards, {minutes:0.##} min, seed {seed}; everything is kept in {folder} until it is found clean"));
        var random = new Random(seed);
        var began = Stopwatch.GetTimestamp();
        ChaosFinding finding;
        string table;
        await using (var campaign = new ChaosCampaign(new ChaosLab(folder, boards, random.Next()), TimeSpan.FromMinutes(minutes), random, output))
        {
            finding = await campaign.RunAsync(cancellationToken);
            table = Table(finding, campaign, FormattableString.Invariant($"./rig chaos --minutes {minutes:0.##} --seed {seed} --boards {boards}"), Stopwatch.GetElapsedTime(began));
        }
        output.WriteLine(table);
        foreach (var (kind, cases) in finding.Kinds)
        {
            foreach (var line in cases.Take(Shown))
                output.WriteLine($"{kind}: {line}");
        }
        if (document is not null)
            MarkedTable.Write(document, "chaos", table);
        if (finding.IsClean)
            Directory.Delete(folder, recursive: true);
        return finding.IsClean ? 0 : 1;
    }

    private static string Table(ChaosFinding finding, ChaosCampaign campaign, string command, TimeSpan took) => $"""
        {TimeProvider.System.GetUtcNow():yyyy-MM-dd}, `{command}`, {took.TotalMinutes:0.0} min in all, {Machine.Describe()}:

        | looked at | |
        |---|---|
        | deeds | {campaign.Mischief.Done.Values.Sum()}: {string.Join(", ", campaign.Mischief.Done.OrderByDescending(deed => deed.Value).Select(deed => $"{deed.Value} × {deed.Key}"))} |
        | runs | {finding.Runs}: {string.Join(", ", finding.Ends.OrderByDescending(end => end.Value).Select(end => $"{end.Value} × {end.Key}"))}; {campaign.Unwedged} times a board was proven by hand |
        | events stored | {finding.Events} |
        | commands that the boards logged and the history tells | {finding.Commands} |
        | steps blamed on the sick board, by its own word | {finding.Accusations} |

        | {string.Join(" | ", finding.Kinds.Select(kind => kind.Kind))} |
        |{string.Concat(finding.Kinds.Select(_ => "---|"))}
        | {string.Join(" | ", finding.Kinds.Select(kind => $"**{kind.Cases.Count}**"))} |
        """;
}
