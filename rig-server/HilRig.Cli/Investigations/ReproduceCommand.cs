using System.CommandLine;
using HilRig.Analysis.Flags;
using HilRig.Analysis.Reproducers;
using HilRig.Cli.Lab;
using HilRig.Model;
using HilRig.Model.Flags;
using HilRig.Model.Runs;
using HilRig.Model.Sequences;

namespace HilRig.Cli.Investigations;

/// <summary><c>hilrig reproduce EVENTS</c>: from the events of a failing run to the shortest sequence that still fails, on a place, with no server.</summary>
public static class ReproduceCommand
{
    public static Command Create()
    {
        var events = new Argument<string[]>("events") { Description = "Events of failing runs, as `agent run --events` writes them", Arity = ArgumentArity.OneOrMore };
        var place = new Option<string[]>("--place") { Description = "Place to search on; several share the cycles", Required = true, AllowMultipleArgumentsPerToken = true };
        var places = new Option<string>("--places") { Description = "The places file", DefaultValueFactory = _ => "places.yaml" };
        var image = new Option<string?>("--image") { Description = "What updates write" };
        var flag = new Option<string?>("--flag") { Description = "Id of the flag; the gravest of the product's, or of one board's, where not given" };
        var budget = new Option<int>("--budget") { Description = "Most cycles to spend", DefaultValueFactory = _ => 150 };
        var reset = new Option<string>("--clean-by") { Description = "How a cycle begins: power, or probe where the place has no supply", DefaultValueFactory = _ => "power" };
        var output = new Option<string>("--out") { Description = "Sequence file to write", DefaultValueFactory = _ => "reproducer.yaml" };
        var data = new Option<string?>("--data") { Description = "Folder for what was tried; a second start with it goes on there" };
        var command = new Command("reproduce", "Find the shortest sequence that still shows a failure") { events, place, places, image, flag, budget, reset, output, data, LabVerb.Json };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetRequiredValue(events),
            new Boards(parsed.GetRequiredValue(places), parsed.GetRequiredValue(place), parsed.GetValue(image), Folder(parsed.GetValue(data))),
            parsed.GetValue(flag),
            parsed.GetValue(budget) is >= 20 and var cycles ? cycles : throw new BadInputException("--budget must be 20 or more: ten cycles prove the result"),
            parsed.GetValue(reset) switch
            {
                "power" => true,
                "probe" => false,
                var other => throw new BadInputException($"--clean-by must be power or probe, not `{other}`"),
            },
            parsed.GetRequiredValue(output),
            parsed,
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(IReadOnlyList<string> files, Boards boards, string? flagId, int budget, bool switchesPower, string outputFile, ParseResult parsed, CancellationToken cancellationToken)
    {
        var output = LabVerb.Progress(parsed);
        var events = new List<RunEvent>();
        foreach (var file in files)
            events.AddRange(await AgentRun.ReadAsync(file, cancellationToken));
        var eventsFile = string.Join(", ", files);
        var flag = Choose(events, flagId, eventsFile);
        output.WriteLine($"{flag.Fingerprint} ({flag.Fingerprint.Key}): {flag.Rule}");
        foreach (var trigger in flag.BestTriggers)
            output.WriteLine($"  {flag.Explain(trigger)}");
        if (flag.Class is FlagClass.BoardSpecific && OnItsPlace(events, flag) is { } there)
        {
            flag = there;
            output.WriteLine($"  on {flag.Places[0]} alone: {flag.Rule}");
        }
        var failing = FailingCycle.Find(events, flag.Fingerprint) ?? throw new BadInputException($"{eventsFile}: no failing step of {flag.Fingerprint}");
        output.WriteLine($"  cutting down {failing.Before.Count} steps before it, within {budget} cycles; in {boards.Folder}");

        var reduction = new Reduction(failing, flag, switchesPower, budget, boards.Places.Count);
        if (await new ReproduceRun(reduction, boards, output).RunAsync(cancellationToken) is not { } found)
        {
            output.WriteLine($"not reproduced in {reduction.Spent} of {budget} cycles; a second start with --data {boards.Folder}{(reduction.Barren < Reduction.MostBarren ? " and a larger --budget" : "")} goes on there");
            return ExitCode.Undetermined;
        }
        await File.WriteAllTextAsync(outputFile, reduction.ToSequence(found), cancellationToken);
        output.WriteLine($"{found.Sentence} ({found.Proof}): {failing.WholeWords(found.Kept)}");
        foreach (var line in reduction.Discriminate(found).Prepend(found.Confirmation).OfType<string>())
            output.WriteLine($"  {line}");
        output.WriteLine(found.Belief is { } belief ? $"believed the shortest to {100 * belief:0.#} %, after {found.Cycles} cycles: {outputFile}" : $"it fails, but may not be the shortest: the budget ended; {found.Cycles} cycles: {outputFile}");
        if (parsed.GetValue(LabVerb.Json))
            LabVerb.Say(parsed, new { flag.Fingerprint, found.Sentence, Kept = reduction.Words(found.Kept), found.Proof, found.Confirmation, found.Belief, found.Cycles, File = outputFile });
        return ExitCode.Pass;
    }

    /// <summary>What that board alone says, where no other's passes hide what triggers it there; null where that is no more.</summary>
    private static Flag? OnItsPlace(IReadOnlyList<RunEvent> events, Flag flag)
    {
        var judge = new FlagJudge();
        foreach (var sample in SampleReader.From(events).Where(sample => sample.Place == flag.Places[0]))
            judge.Add(sample);
        return judge.Judge().FirstOrDefault(one => one.Id == flag.Id && one.IsProduct);
    }

    internal static Flag Choose(IReadOnlyList<RunEvent> events, string? id, string file)
    {
        var judge = new FlagJudge();
        foreach (var sample in SampleReader.From(events))
            judge.Add(sample);
        var flags = judge.Judge();
        return id is not null
            ? flags.FirstOrDefault(flag => flag.Id == id) ?? throw new BadInputException($"{file}: no flag `{id}`; {Suggestion.For(id, [.. flags.Select(flag => flag.Id)])}")
            : flags.FirstOrDefault(flag => flag.IsProduct) ?? flags.FirstOrDefault(flag => flag.Class is FlagClass.BoardSpecific)
                ?? throw new BadInputException($"{file}: no failure is held against the product{(flags.Count == 0 ? "" : $"; --flag takes one of {string.Join(", ", flags.Select(flag => flag.Id))}")}");
    }

    private static string Folder(string? data) =>
        data is null ? Directory.CreateTempSubdirectory("hilrig-reproduce-").FullName : Directory.CreateDirectory(data).FullName;
}
