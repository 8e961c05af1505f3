using System.CommandLine;
using System.Globalization;
using HilRig.Analysis.Rates;
using HilRig.Analysis.Reproducers;
using HilRig.Analysis.Triggers;
using HilRig.Cli.Lab;
using HilRig.Model;
using HilRig.Model.Runs;
using HilRig.Model.Sequences;

namespace HilRig.Cli.Investigations;

/// <summary><c>hilrig compare SEQUENCE --new FILE --old FILE</c>: two bootloader releases in turns on the same boards, until one is shown to fail more.</summary>
public static class CompareCommand
{
    public static Command Create()
    {
        var sequence = new Argument<string>("sequence") { Description = "The sequence to compare by" };
        var (newer, older) = (new Option<string>("--new") { Description = "A file in the places' `releases:` folder", Required = true }, new Option<string>("--old") { Description = "The release to compare with, from the same folder", Required = true });
        var shared = new ExperimentOptions("Most cycles of both releases together", 400);
        var turn = new Option<int>("--turn") { Description = "Cycles of a release before the next is drawn", DefaultValueFactory = _ => 5 };
        var command = new Command("compare", "Say whether one release fails more than another, on the same boards in turns") { sequence, newer, older, turn, LabVerb.Json };
        shared.AddTo(command);
        command.SetAction((parsed, cancellationToken) => shared.WithBoardsAsync(parsed, async boards =>
        {
            var text = SequenceFile.Load(parsed.GetRequiredValue(sequence)).Text;
            var cycles = parsed.GetValue(turn) is >= 1 and var given ? given : throw new BadInputException("--turn must be 1 or more");
            return await RunAsync(boards, text, (parsed.GetRequiredValue(newer), parsed.GetRequiredValue(older)), cycles, shared.BudgetOf(parsed), shared.FingerprintOf(parsed), parsed, cancellationToken);
        }));
        return command;
    }

    private static async Task<int> RunAsync(Boards boards, string sequence, (string New, string Old) releases, int turn, int budget, Fingerprint? fingerprint, ParseResult parsed, CancellationToken cancellationToken)
    {
        var output = LabVerb.Progress(parsed);
        var schedule = new ArmSchedule(seed: 1);
        // Pairs of turns: both releases have had as many cycles whenever the evidence is looked at.
        for (var pair = 1; !schedule.IsConfirmed && !schedule.IsReversed && schedule.FirstCycles + schedule.SecondCycles + 2 * turn * boards.Places.Count <= budget; pair++)
        {
            for (var half = 0; half < 2; half++)
            {
                var isNew = schedule.NextIsFirst();
                foreach (var run in await boards.RunOnReleaseAsync(isNew ? releases.New : releases.Old, sequence, turn, pair, cancellationToken))
                {
                    var outcomes = CycleOutcomes.Of(run.Events, fingerprint);
                    schedule.Record(isNew, outcomes.Failures, outcomes.Counted);
                }
            }
            output.WriteLine($"  {schedule.Describe("new", "old")}");
        }
        output.WriteLine($"{releases.New} against {releases.Old} on {string.Join(", ", boards.Places)}: {schedule.Describe(releases.New, releases.Old)}");
        if (schedule is { IsConfirmed: false, IsReversed: false })
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  no difference shown; {releases.New} fails {Wilson.Rate(schedule.FirstFailures, schedule.FirstCycles)}, {releases.Old} {Wilson.Rate(schedule.SecondFailures, schedule.SecondCycles)}"));
        if (parsed.GetValue(LabVerb.Json))
            LabVerb.Say(parsed, new { releases.New, releases.Old, NewRate = Wilson.Rate(schedule.FirstFailures, schedule.FirstCycles), OldRate = Wilson.Rate(schedule.SecondFailures, schedule.SecondCycles), schedule.IsConfirmed, schedule.IsReversed });
        return schedule.IsConfirmed ? ExitCode.Fail : schedule.IsReversed ? ExitCode.Pass : ExitCode.Undetermined;
    }
}
