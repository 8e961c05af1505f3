using System.CommandLine;
using HilRig.Agent.Hub;
using HilRig.Agent.Places;
using HilRig.Agent.Running;
using HilRig.Model;
using HilRig.Model.Rig;
using Microsoft.Extensions.Logging;

namespace HilRig.Agent;

/// <summary><c>agent serve</c>: works for a server, run after run.</summary>
public static class ServeCommand
{
    public const string DefaultServer = "http://127.0.0.1:5080";

    /// <param name="time">What events are dated by; the machine's where not given.</param>
    public static Command Create(TimeProvider? time = null)
    {
        var server = new Option<string>("--server") { Description = "The server's address", DefaultValueFactory = _ => DefaultServer };
        var places = new Option<string>("--places") { Description = "The places file", DefaultValueFactory = _ => "places.yaml" };
        var name = new Option<string>("--name") { Description = "This agent's name in the lab", DefaultValueFactory = _ => Environment.MachineName.ToLowerInvariant() };
        var data = new Option<string>("--data") { Description = "Folder for journals, images and evidence", DefaultValueFactory = _ => StateFolder.Default };
        var afterCrash = new Option<AfterCrash>("--after-crash") { Description = "What becomes of a run that the agent died in: end, as agent lost, or resume at its next cycle", DefaultValueFactory = _ => AfterCrash.End };
        var keepFree = KeepFree.Option();
        var command = new Command("serve", "Work for a server: announce the places, take its runs, send what happens") { server, places, name, data, afterCrash, keepFree };
        command.SetAction((parsed, cancellationToken) => ServeAsync(
            Address(parsed.GetRequiredValue(server)),
            PlacesFile.Load(parsed.GetRequiredValue(places)),
            parsed.GetRequiredValue(name),
            new StateFolder(parsed.GetRequiredValue(data)) { KeepFree = KeepFree.Bytes(parsed.GetValue(keepFree)) },
            parsed.GetValue(afterCrash),
            time ?? TimeProvider.System,
            cancellationToken));
        return command;
    }

    private static async Task<int> ServeAsync(Uri server, IReadOnlyList<Place> places, string name, StateFolder data, AfterCrash afterCrash, TimeProvider time, CancellationToken cancellationToken)
    {
        _ = Probe.PyOcdProgram.Path;
        using var alone = OnlyOne(data.Path);
        var token = AgentToken.Find(data.Path);
        using var logging = LoggerFactory.Create(builder => builder.AddSimpleConsole(options =>
        {
            options.SingleLine = true;
            options.TimestampFormat = "HH:mm:ss ";
        }));
        var log = logging.CreateLogger("agent");
        using var shelf = new JournalShelf(data.Runs, time, afterCrash);
        using var artifacts = new ArtifactStore(server, data.Artifacts, token);
        using var sender = new EventSender(shelf, log);
        using var evidence = new EvidenceUpload(server, data.Evidence, token, log);
        await using var desk = new OrderDesk(name, places, shelf, sender, artifacts, data, time, log);
        var markers = new WedgeMarkers(data.Wedged);
        IReadOnlyList<PlaceInfo> Infos() => [.. places.Select(place => new PlaceInfo(place.Name, place.Board.Name, place.Tags, markers.Find(place.Name)?.Reason, place.Power is not null))];
        var versions = Versions.Present;
        Console.WriteLine($"agent {name} ready: {places.Count} places, server {server}, pyocd {versions["pyocd"]}, CliWrap {versions["CliWrap"]}, System.IO.Ports {versions["System.IO.Ports"]}");
        desk.ResumeAll();
        var telemetry = new TelemetryLane();
        using var figures = new AgentFigures(telemetry, sender, data, time);
        await new ServerLink(server, name, Infos, shelf, sender, desk, evidence, telemetry, token, log).RunAsync(cancellationToken);
        return ExitCode.Pass;
    }

    /// <summary>Throws <see cref="BadInputException"/> in words.</summary>
    public static Uri Address(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw new BadInputException($"--server {text}: expected an address such as http://127.0.0.1:5080");

    /// <summary>Two agents on one folder would write the same journals.</summary>
    private static FileStream OnlyOne(string data)
    {
        try
        {
            Directory.CreateDirectory(data);
            return new FileStream(Path.Combine(data, "agent.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new RigException("agent", $"--data {data}: cannot be used: {exception.Message}; another agent may hold it, or it is not writable");
        }
    }
}
