using System.CommandLine;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using HilRig.Agent.Places;
using HilRig.Agent.Running;
using HilRig.Model;
using HilRig.Model.Rig;

namespace HilRig.Agent.Doctor;

/// <summary><c>agent doctor</c>: looks at everything a night depends on and says how to mend what is wrong.</summary>
public static class DoctorCommand
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) } };

    public static Command Create()
    {
        var places = new Option<string>("--places") { Description = "The places file", DefaultValueFactory = _ => "places.yaml" };
        var server = new Option<string?>("--server") { Description = "The server that this agent is to work for; without it none is asked" };
        var data = new Option<string>("--data") { Description = "Folder for journals, images and evidence", DefaultValueFactory = _ => StateFolder.Default };
        var json = new Option<bool>("--json") { Description = "Print one JSON object a finding" };
        var command = new Command("doctor", "Check pyOCD, serial ports, probes, power, disk, clock and server; resets and writes nothing. Exit code 3 where something is broken")
        {
            places, server, data, json,
        };
        command.SetAction((parsed, cancellationToken) => CheckAsync(
            PlacesFile.Load(parsed.GetRequiredValue(places)),
            parsed.GetValue(server) is { } address ? ServeCommand.Address(address) : null,
            new StateFolder(parsed.GetRequiredValue(data)),
            parsed.GetValue(json),
            cancellationToken));
        return command;
    }

    private static async Task<int> CheckAsync(IReadOnlyList<Place> places, Uri? server, StateFolder data, bool asJson, CancellationToken cancellationToken)
    {
        var worst = Health.Well;
        await foreach (var finding in FindAsync(places, server, data, cancellationToken))
        {
            Console.WriteLine(asJson ? JsonSerializer.Serialize(finding, Json) : finding.InWords);
            worst = finding.Health > worst ? finding.Health : worst;
        }
        return worst == Health.Broken ? ExitCode.RigError : ExitCode.Pass;
    }

    private static async IAsyncEnumerable<Finding> FindAsync(
        IReadOnlyList<Place> places, Uri? server, StateFolder data, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pyOcd = MachineChecks.PyOcd();
        yield return pyOcd;
        yield return MachineChecks.Packages();
        yield return MachineChecks.Orphans();
        yield return MachineChecks.Disk(data);
        if (server is not null)
        {
            await foreach (var finding in ServerCheck.CheckAsync(server, data.Path, TimeProvider.System, cancellationToken))
                yield return finding;
        }
        foreach (var place in places)
        {
            await foreach (var finding in PlaceChecks.CheckAsync(place, pyOcd.Health != Health.Broken, cancellationToken))
                yield return finding;
        }
    }
}
