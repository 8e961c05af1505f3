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
        var place = new Option<string>("--place") { Description = "Name of the place to run on" };
        var places = new Option<string>("--places") { Description = "The places file", DefaultValueFactory = _ => "places.yaml" };
        var image = new Option<string?>("--image") { Description = "Binary that updates write; replaces the sequence's own" };
        var address = new Option<string?>("--address") { Description = "Where a raw binary goes; the board type's application address where not given" };
        var cycles = new Option<int?>("--cycles") { Description = "Repetitions; replaces the sequence's own" };
        var seed = new Option<long?>("--seed") { Description = "Seed of the sequence's choices; drawn and printed where not given" };
        var set = new Option<string[]>("--set") { Description = "Another value of one of the sequence's parameters: NAME=VALUE" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Print the steps of a cycle and touch nothing; needs no place" };
        var cycle = new Option<int>("--cycle") { Description = "Which cycle --dry-run prints", DefaultValueFactory = _ => 1 };
        var release = new Option<string?>("--release") { Description = "Name of the bootloader release under test; the reported version where not given" };
        var events = new Option<string?>("--events") { Description = "Also write the events to this file, one JSON object a line" };
        var resume = new Option<string?>("--resume") { Description = "A run that the agent died in goes on at its next cycle; sequence, image and place as they were" };
        var spares = new Option<bool>("--spares") { Description = "The file's other places are free: what cannot be judged is repeated on them" };
        var keepFree = KeepFree.Option();
        var data = new Option<string>("--data") { Description = "Folder for journals and evidence", DefaultValueFactory = _ => StateFolder.Default };
        var command = new Command("run", "Run a sequence on a place and print what came of it; needs no server")
        {
            file, place, places, image, address, cycles, seed, set, dryRun, cycle, release, events, data, resume, spares, keepFree,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var variants = Variants.Of(SequenceFile.Load(parsed.GetRequiredValue(file)).With(Settings.Read(parsed.GetValue(set))));
            var repetitions = PositiveOr(parsed.GetValue(cycles), variants.Cycles);
            var start = parsed.GetValue(seed) ?? Random.Shared.Next(1, int.MaxValue);
            RunImages Images(BoardType board) => LoadImages(parsed.GetValue(image), Address(parsed.GetValue(address)), variants, board);
            if (parsed.GetValue(dryRun))
            {
                var board = BoardTypeFile.Load(variants.Sequence.BoardType, new SourcePosition(variants.Sequence.File, 1, 1));
                DryRun.Print(variants, Images(board), start, PositiveOr(parsed.GetValue(cycle), 1), repetitions, Console.Out);
                return ExitCode.Pass;
            }
            var name = parsed.GetValue(place) ?? throw new BadInputException("--place is missing; it names the place to run on, or use --dry-run");
            var chosen = PlacesFile.Find(parsed.GetRequiredValue(places), name);
            var folder = new StateFolder(parsed.GetRequiredValue(data)) { KeepFree = KeepFree.Bytes(parsed.GetValue(keepFree)) };
            var runId = parsed.GetValue(resume) ?? RunPlan.NewRunId(chosen.Name, TimeProvider.System);
            var plan = new RunPlan(runId, variants, chosen, Images(chosen.Board), repetitions, start, parsed.GetValue(release), folder)
            {
                Spares = parsed.GetValue(spares) ? new SparePlaces(PlacesFile.Load(parsed.GetRequiredValue(places)), _ => Stream.Null) : SparePlaces.None,
            };
            using var journal = parsed.GetValue(resume) is null ? RunJournal.Create(folder.Runs, runId, TimeProvider.System) : Resumption.Open(ref plan);
            return await RunAsync(plan, journal, parsed.GetValue(events), cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(RunPlan plan, RunJournal journal, string? eventsFile, CancellationToken cancellationToken)
    {
        _ = Probe.PyOcdProgram.Path;
        using var events = eventsFile is null ? null : OpenEvents(eventsFile);
        var isTerminal = !Console.IsOutputRedirected;
        var console = RunConsole.OnStandardOutput();
        foreach (var runEvent in journal.ReadAfter(0, int.MaxValue))
        {
            events?.WriteLine(JsonSerializer.Serialize(runEvent, RunJson.Options));
            console.Recall(runEvent);
        }
        journal.Appended += runEvent =>
        {
            events?.WriteLine(JsonSerializer.Serialize(runEvent, RunJson.Options));
            console.Show(runEvent);
        };
        using var control = new RunControl();
        using var controls = new OperatorControls(control, isTerminal, console.Say);
        try
        {
            await new HealthCheck(plan.Data, Environment.MachineName, TimeProvider.System).BeforeRunAsync(plan.Place, control, cancellationToken);
            return ExitCode.Of(await RunOpening.RunAsync(plan, journal, Environment.MachineName, control, TimeProvider.System, cancellationToken));
        }
        catch (BadInputException) when (journal.LastNumber == 0)
        {
            journal.Delete();
            throw;
        }
    }

    private static RunImages LoadImages(string? option, uint? address, Variants variants, BoardType board) =>
        option is not null ? RunImages.Of(CheckedImage.Load(option, board, address)) : RunImages.Load(variants, board, address);

    private static uint? Address(string? text) =>
        text is null ? null
        : Quantity.TryNumber(text, out var address) ? address
        : throw new BadInputException($"--address must be a number such as 0x1000A000, not `{text}`");

    private static int PositiveOr(int? given, int otherwise) =>
        given is null or > 0 ? given ?? otherwise : throw new BadInputException($"a number of cycles must be 1 or more, not {given}");

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
