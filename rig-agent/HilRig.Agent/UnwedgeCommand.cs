using System.CommandLine;
using HilRig.Agent.Images;
using HilRig.Agent.Places;
using HilRig.Agent.Running;
using HilRig.Model;
using HilRig.Model.Runs;
using HilRig.Model.Sequences;

namespace HilRig.Agent;

/// <summary>Whose board must answer for a marker to be cleared.</summary>
internal enum ProvenBoard
{
    /// <summary>The one that was wedged.</summary>
    Same,

    /// <summary>Another that a person put in its place.</summary>
    Replaced,
}

/// <summary><c>agent unwedge</c>: proves a board that did not come back, and only then clears its place's marker.</summary>
public static class UnwedgeCommand
{
    public static Command Create()
    {
        var place = new Option<string>("--place") { Description = "Name of the place whose board is wedged", Required = true };
        var places = new Option<string>("--places") { Description = "The places file", DefaultValueFactory = _ => "places.yaml" };
        var sequence = new Option<string?>("--sequence") { Description = "The health sequence; the board type's own where not given" };
        var board = new Option<ProvenBoard>("--board") { Description = "`replaced` where another board was put in this place" };
        var data = new Option<string>("--data") { Description = "Folder that holds the marker", DefaultValueFactory = _ => StateFolder.Default };
        var command = new Command("unwedge", "Prove a wedged board (identity, answers, health sequence) and give its place back") { place, places, sequence, board, data };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            PlacesFile.Find(parsed.GetRequiredValue(places), parsed.GetRequiredValue(place)),
            parsed.GetValue(sequence),
            parsed.GetValue(board),
            new StateFolder(parsed.GetRequiredValue(data)),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Place place, string? sequence, ProvenBoard board, StateFolder data, CancellationToken cancellationToken)
    {
        var markers = new WedgeMarkers(data.Wedged);
        if (markers.Find(place.Name) is not { } wedge)
        {
            Console.WriteLine($"place {place.Name} is not wedged; nothing to do");
            return ExitCode.Pass;
        }
        _ = Probe.PyOcdProgram.Path;
        var health = HealthSetup.Load(sequence, place.Board);
        var plan = new RunPlan(RunPlan.NewRunId(place.Name, TimeProvider.System), health, place, RunImages.Load(health, place.Board), health.Cycles, 1, null, data) { Purpose = RunPurpose.ProveBoard };
        using var journal = RunJournal.Create(data.Runs, plan.RunId, TimeProvider.System);
        var console = RunConsole.OnStandardOutput();
        var answering = "unknown";
        journal.Appended += runEvent =>
        {
            answering = runEvent.Body is RunStarted started ? started.BoardId : answering;
            console.Show(runEvent);
        };
        using var control = new RunControl();
        var verdict = await RunOpening.RunAsync(plan, journal, Environment.MachineName, control, TimeProvider.System, cancellationToken);
        if (verdict != Verdict.Pass)
        {
            Console.WriteLine($"place {place.Name} stays wedged: the board was not proven");
            return ExitCode.Of(verdict);
        }
        if (board == ProvenBoard.Same && wedge.BoardId != "unknown" && wedge.BoardId != answering)
        {
            Console.Error.WriteLine($"place {place.Name} stays wedged: its board was {wedge.BoardId}, and {answering} answers; say `--board replaced` if another was put in its place");
            return ExitCode.RigError;
        }
        markers.Clear(place.Name);
        Console.WriteLine($"place {place.Name}: board {answering} is proven; runs are taken again");
        return ExitCode.Pass;
    }
}
