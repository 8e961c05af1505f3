using System.CommandLine;
using System.Globalization;
using HilRig.Analysis.Reproducers;
using HilRig.Cli.Lab;
using HilRig.Model;
using HilRig.Model.Runs;
using HilRig.Model.Sequences;

namespace HilRig.Cli.Investigations;

/// <summary><c>hilrig bisect SEQUENCE --release A.bin --release B.bin …</c>: the first of several releases that has a failure, also where it shows only at times.</summary>
public static class BisectCommand
{
    public static Command Create()
    {
        var sequence = new Argument<string>("sequence") { Description = "A sequence that shows the failure; a reproducer is best" };
        var release = new Option<string[]>("--release") { Description = "Files in the places' `releases:` folder, the oldest first", Required = true, AllowMultipleArgumentsPerToken = true };
        var rate = new Option<double>("--rate") { Description = "Share of the cycles of a bad release that fail", DefaultValueFactory = _ => 0.5 };
        var background = new Option<double>("--background") { Description = "Share of the cycles of a good release that fail in the same way", DefaultValueFactory = _ => 0 };
        var shared = new ExperimentOptions("Most cycles in all", 300);
        var command = new Command("bisect", "Find the first of several releases that has a failure") { sequence, release, rate, background, LabVerb.Json };
        shared.AddTo(command);
        command.SetAction((parsed, cancellationToken) => shared.WithBoardsAsync(parsed, async boards =>
        {
            var releases = parsed.GetRequiredValue(release);
            if (releases.Length < 2 || releases.Distinct().Count() != releases.Length)
                throw new BadInputException("--release: give two or more, each once, the oldest first");
            var chance = parsed.GetValue(rate) is > 0 and <= 1 and var given ? given : throw new BadInputException("--rate must lie above 0 and be at most 1");
            var floor = parsed.GetValue(background) is >= 0 and var lower && lower < chance ? lower : throw new BadInputException("--background must be 0 or more, and less than --rate");
            var text = SequenceFile.Load(parsed.GetRequiredValue(sequence)).Text;
            return await RunAsync(boards, text, releases, new ReleaseBisection(releases.Length, chance, floor), Math.Max(1, (int)Math.Round(0.5 / chance)), shared.BudgetOf(parsed), shared.FingerprintOf(parsed), parsed, cancellationToken);
        }));
        return command;
    }

    private static async Task<int> RunAsync(Boards boards, string sequence, string[] releases, ReleaseBisection bisection, int cycles, int budget, Fingerprint? fingerprint, ParseResult parsed, CancellationToken cancellationToken)
    {
        var output = LabVerb.Progress(parsed);
        // Cycles that ended otherwise, neither passed nor with the failure, say nothing and cost as much.
        for (var spent = 0; !bisection.IsDone && spent < budget; spent += cycles * boards.Places.Count)
        {
            var next = bisection.Next();
            var outcomes = CycleOutcomes.Sum((await boards.RunOnReleaseAsync(releases[next], sequence, cycles, spent + 1, cancellationToken)).Select(run => CycleOutcomes.Of(run.Events, fingerprint)));
            bisection.Record(next, outcomes.Failures, outcomes.Counted);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {bisection.Runs,4} cycles: {releases[next]} failed {outcomes.Failures} of {outcomes.Counted}{(outcomes.Others > 0 ? $", {outcomes.Others} ended otherwise" : "")}; {Words(releases, bisection)} is believed to {100 * bisection.Belief:0.#} %"));
        }
        var end = string.Create(CultureInfo.InvariantCulture, $"{Words(releases, bisection)}: believed to {100 * bisection.Belief:0.#} % after {bisection.Runs} cycles");
        output.WriteLine(bisection.IsDone ? end : $"undetermined within the budget; {end}");
        if (parsed.GetValue(LabVerb.Json))
            LabVerb.Say(parsed, new { FirstBad = bisection.FirstBad is { } found ? releases[found] : null, bisection.Belief, bisection.Runs, bisection.IsDone });
        return !bisection.IsDone ? ExitCode.Undetermined : bisection.FirstBad is null ? ExitCode.Pass : ExitCode.Fail;
    }

    private static string Words(string[] releases, ReleaseBisection bisection) => bisection.FirstBad is { } bad ? $"first bad release {releases[bad]}" : "no bad release";
}
