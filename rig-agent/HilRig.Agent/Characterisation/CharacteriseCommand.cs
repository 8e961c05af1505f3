using System.CommandLine;
using System.Text.Json;
using HilRig.Agent.Places;
using HilRig.Model;

namespace HilRig.Agent.Characterisation;

/// <summary><c>agent characterise</c>: first contact with a real board; what it says of itself beside what board type file and virtual board assume.</summary>
public static class CharacteriseCommand
{
    public static Command Create()
    {
        var place = new Option<string>("--place") { Description = "The place whose board is asked", Required = true };
        var places = new Option<string>("--places") { Description = "The places file", DefaultValueFactory = _ => "places.yaml" };
        var times = new Option<bool>("--flash-times") { Description = "Also erase and fill the last four sectors, which must be blank, and say how long that takes" };
        var json = new Option<bool>("--json") { Description = "Print one JSON object" };
        var command = new Command("characterise", "Say what a board is: identification, caches, HPROT, bootloader and, if wanted, flash times; and where that is not what is assumed. Resets at most, writes nothing else")
        {
            place, places, times, json,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            PlacesFile.Find(parsed.GetRequiredValue(places), parsed.GetRequiredValue(place)), parsed.GetValue(times), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Place place, bool withTimes, bool asJson, CancellationToken cancellationToken)
    {
        _ = Probe.PyOcdProgram.Path;
        await using var bench = await Bench.OpenAsync(place, null, TimeProvider.System, cancellationToken);
        var identity = await bench.IdentifyAsync(cancellationToken);
        var found = new List<Characteristic>();
        await foreach (var characteristic in new FirstContact(bench).AskAsync(cancellationToken))
            found.Add(characteristic);
        if (withTimes)
            found.AddRange(await new ScratchFlash(bench).MeasureAsync(cancellationToken));
        var differing = found.Count(characteristic => characteristic.Differs);
        if (asJson)
        {
            Console.WriteLine(JsonSerializer.Serialize(new { place = place.Name, boardType = place.Board.Name, board = identity.BoardId, differing, characteristics = found }, JsonSerializerOptions.Web));
            return ExitCode.Pass;
        }
        Console.WriteLine($"place {place.Name}: board {identity.BoardId}, bootloader {identity.BootloaderVersion}");
        foreach (var group in found.GroupBy(characteristic => characteristic.Group))
        {
            Console.WriteLine(group.Key);
            foreach (var characteristic in group)
                Console.WriteLine(Line(characteristic));
        }
        Console.WriteLine(differing == 0
            ? $"nothing differs from what boards/{place.Board.Name}.yaml assumes"
            : $"{differing} {(differing == 1 ? "thing differs" : "things differ")} from what boards/{place.Board.Name}.yaml assumes: correct that file, and tell the makers of the virtual board");
        return ExitCode.Pass;
    }

    private static string Line(Characteristic characteristic)
    {
        var sign = characteristic.Differs ? "≠" : characteristic.Assumed is null ? " " : "=";
        var assumed = characteristic.Differs ? $"assumed {characteristic.Assumed}" : "";
        return $"  {sign} {characteristic.Name,-24} {characteristic.Found ?? "–",-12} {string.Join("; ", new[] { assumed, characteristic.Note }.Where(text => text.Length > 0))}".TrimEnd();
    }
}
