using System.CommandLine;
using System.Globalization;
using HilRig.Analysis.Reproducers;
using HilRig.Cli.Lab;
using HilRig.Model;
using HilRig.Model.Runs;
using HilRig.Model.Sequences;

namespace HilRig.Cli.Investigations;

/// <summary><c>hilrig investigate</c>: the same sequence on another board, on the release before and on the virtual board, and whose the failure is.</summary>
public static class InvestigateCommand
{
    public static Command Create()
    {
        var sequence = new Argument<string>("sequence") { Description = "A sequence that fails, such as `hilrig reproduce` writes" };
        var fingerprint = new Option<string>("--fingerprint") { Description = "Which failure: f1/step/operation/code", Required = true };
        var here = new Option<string>("--place") { Description = "The place where it fails", Required = true };
        var other = new Option<string?>("--other") { Description = "A place with another board of the same release" };
        var before = new Option<string?>("--before") { Description = "A place whose board has the release before" };
        var model = new Option<string?>("--virtual") { Description = "A place with a virtual board" };
        var places = new Option<string>("--places") { Description = "The places file", DefaultValueFactory = _ => "places.yaml" };
        var image = new Option<string?>("--image") { Description = "What updates write" };
        var cycles = new Option<int>("--cycles") { Description = "Cycles on each place", DefaultValueFactory = _ => 20 };
        var command = new Command("investigate", "Say whose a failure is: the product's, the sequence's or the rig's") { sequence, fingerprint, here, other, before, model, places, image, cycles, LabVerb.Json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var folder = Directory.CreateTempSubdirectory("hilrig-investigate-").FullName;
            try
            {
                var file = parsed.GetRequiredValue(sequence);
                var text = SequenceFile.Load(file).Text;
                var failure = ExperimentOptions.Parse(parsed.GetRequiredValue(fingerprint));
                var count = parsed.GetValue(cycles) is >= 1 and var given ? given : throw new BadInputException("--cycles must be 1 or more");
                var arms = new List<object>();
                var verdict = Investigation.Of((await ArmAsync("here", parsed.GetValue(here)))!, await ArmAsync("other board", parsed.GetValue(other)), await ArmAsync("release before", parsed.GetValue(before)), await ArmAsync("virtual board", parsed.GetValue(model)));
                LabVerb.Say(parsed, new { verdict.Blame, verdict.Reason, Arms = arms }, $"{verdict.Blame.ToString().ToLowerInvariant()}: {verdict.Reason}");
                return verdict.Blame switch
                {
                    Layer.Product => ExitCode.Fail,
                    Layer.Sequence => ExitCode.BadInput,
                    Layer.Rig => ExitCode.RigError,
                    _ => ExitCode.Undetermined,
                };

                async Task<InvestigationArm?> ArmAsync(string name, string? place)
                {
                    if (place is null)
                        return null;
                    var outcomes = CycleOutcomes.Of(await AgentRun.RunAsync(new AgentSetup(parsed.GetRequiredValue(places), place, parsed.GetValue(image), folder), $"at-{place}", text, count, 1, cancellationToken), failure);
                    arms.Add(new { Arm = name, Place = place, outcomes.Failures, outcomes.Counted, outcomes.Others });
                    LabVerb.Progress(parsed).WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name}, {place}: failed {outcomes.Failures} of {outcomes.Counted}{(outcomes.Others > 0 ? $", {outcomes.Others} ended otherwise" : "")}"));
                    return InvestigationArm.Of(outcomes);
                }
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        });
        return command;
    }
}
