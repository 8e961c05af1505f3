using System.Text.Json;
using System.Text.Json.Serialization;
using HilRig.Model.Runs;

namespace HilRig.Agent.Places;

/// <summary>A board that did not come back, though the rig did all it can.</summary>
/// <param name="BoardId">Which board it was; <c>unknown</c> where it never said.</param>
/// <param name="Message">What was seen last.</param>
public sealed record Wedge(string Place, string RunId, int Cycle, DateTimeOffset At, string BoardId, string Message)
{
    /// <summary>Why the place takes no run, and what ends that.</summary>
    [JsonIgnore]
    public string Reason => $"its board is wedged since {At:yyyy-MM-dd HH:mm} UTC (run {RunId}, cycle {Cycle}): {Message}; bring it back, then prove it with `./rig agent unwedge --place {Place}`";
}

/// <summary>
/// Markers on disk, one a place: they outlive the agent, and only proof clears them (<c>agent unwedge</c>). A marker that cannot
/// be read still marks.
/// </summary>
public sealed class WedgeMarkers(string folder)
{
    public Wedge? Find(string place)
    {
        var path = PathOf(place);
        if (!File.Exists(path))
            return null;
        try
        {
            return JsonSerializer.Deserialize<Wedge>(File.ReadAllText(path), RunJson.Options)!;
        }
        catch (JsonException exception)
        {
            return new Wedge(place, "unknown", 0, File.GetLastWriteTimeUtc(path), "unknown", $"its marker {path} cannot be read: {exception.Message}");
        }
    }

    public void Mark(Wedge wedge)
    {
        Directory.CreateDirectory(folder);
        var part = PathOf(wedge.Place) + ".part";
        File.WriteAllText(part, JsonSerializer.Serialize(wedge, RunJson.Options));
        File.Move(part, PathOf(wedge.Place), overwrite: true);
    }

    /// <summary>The board was proven.</summary>
    public void Clear(string place) => File.Delete(PathOf(place));

    private string PathOf(string place) => Path.Combine(folder, $"{place}.json");
}

/// <summary>A place is not to be used until somebody proved its board.</summary>
public sealed class WedgedPlaceException(Wedge wedge) : RigException(
    "place",
    $"place {wedge.Place}: {wedge.Reason}");
