using System.CommandLine;
using System.Text.Json;
using HilRig.Agent.Images;
using HilRig.Agent.Places;
using HilRig.Agent.Running;
using HilRig.Model;
using HilRig.Model.Runs;
using HilRig.Model.Sequences;

namespace HilRig.Agent;

/// <summary><c>agent run FILE</c>: one sequence on one place, with no server.</summary>
public static class RunCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("sequence") { Description = "The sequence file (YAML)" };
        var place = new Option<string>("--place") { Description = "Name of the place to run on", Required = true };
        var places = new Option<string>("--places") { Description = "The places file", DefaultValueFactory = _ => "places.yaml" };
        var image = new Option<string?>("--image") { Description = "Binary that updates write; replaces the sequence's own" };
        var address = new Option<string?>("--address") { Description = "Where a raw binary goes; the board type's application address where not given" };
        var cycles = new Option<int?>("--cycles") { Description = "Repetitions; replaces the sequence's own" };
        var seed = new Option<long?>("--seed") { Description = "Seed of the sequence's choices; drawn and printed where not given" };
        var release = new Option<string?>("--release") { Description = "Name of the bootloader release under test; the reported version where not given" };
        var events = new Option<string?>("--events") { Description = "Also write the events to this file, one JSON object a line" };
        var data = new Option<string>("--data") { Description = "Folder for journals and evidence", DefaultValueFactory = _ => StateFolder.Default };
        var command = new Command("run", "Run a sequence on a place and print what came of it; needs no server")
        {
            file, place, places, image, address, cycles, seed, release, events, data,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var sequence = SequenceFile.Load(parsed.GetRequiredValue(file));
            var chosen = Find(PlacesFile.Load(parsed.GetRequiredValue(places)), parsed.GetRequiredValue(place), parsed.GetRequiredValue(places));
            var plan = new RunPlan(
                RunPlan.NewRunId(chosen.Name, TimeProvider.System),
                sequence,
                chosen,
                LoadImage(parsed.GetValue(image), Address(parsed.GetValue(address)), sequence, chosen.Board),
                PositiveOr(parsed.GetValue(cycles), sequence.Cycles),
                parsed.GetValue(seed) ?? Random.Shared.Next(1, int.MaxValue),
                parsed.GetValue(release),
                new StateFolder(parsed.GetRequiredValue(data)));
            return RunAsync(plan, parsed.GetValue(events), cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(RunPlan plan, string? eventsFile, CancellationToken cancellationToken)
    {
        _ = Probe.PyOcdProgram.Path;
        using var events = eventsFile is null ? null : OpenEvents(eventsFile);
        using var journal = RunJournal.Create(plan.Data.Runs, plan.RunId, TimeProvider.System);
        var console = new RunConsole(Console.Out, isTerminal: !Console.IsOutputRedirected);
        journal.Appended += runEvent =>
        {
            events?.WriteLine(JsonSerializer.Serialize(runEvent, RunJson.Options));
            console.Show(runEvent);
        };
        try
        {
            return ExitCode.Of(await RunOpening.RunAsync(plan, journal, Environment.MachineName, TimeProvider.System, cancellationToken));
        }
        catch (BadInputException)
        {
            journal.Delete();
            throw;
        }
    }

    private static Place Find(IReadOnlyList<Place> places, string name, string file) =>
        places.FirstOrDefault(place => place.Name == name)
        ?? throw new BadInputException($"{file}: no place `{name}`; {Suggestion.For(name, [.. places.Select(place => place.Name)])}");

    private static CheckedImage? LoadImage(string? option, uint? address, Sequence sequence, BoardType board)
    {
        if (option is not null)
            return CheckedImage.Load(option, board, address);
        return sequence.Image is null
            ? null
            : CheckedImage.Load(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(sequence.File))!, sequence.Image), board, address);
    }

    private static uint? Address(string? text) =>
        text is null ? null
        : YamlValues.TryNumber(text, out var address) ? address
        : throw new BadInputException($"--address must be a number such as 0x1000A000, not `{text}`");

    private static int PositiveOr(int? given, int otherwise) =>
        given is null or > 0 ? given ?? otherwise : throw new BadInputException($"--cycles must be 1 or more, not {given}");

    private static StreamWriter OpenEvents(string path)
    {
        try
        {
            return new StreamWriter(path) { AutoFlush = true };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"--events {path}: cannot be written: {exception.Message}");
        }
    }
}
