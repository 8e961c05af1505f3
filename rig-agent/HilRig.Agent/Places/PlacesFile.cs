using System.Text.RegularExpressions;
using HilRig.Agent.Probe;
using HilRig.Agent.Serial;
using HilRig.Agent.Steps;
using HilRig.Model;
using HilRig.Model.Sequences;
using YamlDotNet.RepresentationModel;

namespace HilRig.Agent.Places;

/// <summary>Reads <c>places.yaml</c>. Serial devices without a leading slash are relative to the file.</summary>
public static partial class PlacesFile
{
    public static IReadOnlyList<Place> Load(string path)
    {
        if (!File.Exists(path))
            throw new BadInputException($"{path}: no such places file; docs/operating.md shows one to start from");
        return Parse(path, File.ReadAllText(path));
    }

    /// <summary>The place of that name in the file at <paramref name="path"/>.</summary>
    public static Place Find(string path, string name)
    {
        var places = Load(path);
        return places.FirstOrDefault(place => place.Name == name)
            ?? throw new BadInputException($"{path}: no place `{name}`; {Suggestion.For(name, [.. places.Select(place => place.Name)])}");
    }

    public static IReadOnlyList<Place> Parse(string file, string text)
    {
        var root = YamlReading.LoadMapping(file, text);
        root.AllowOnly(file, "a places file", "places");
        if (root.Required(file, "places") is not YamlSequenceNode { Children.Count: > 0 } list)
            throw root.Error(file, "`places` must be a list with at least one place");
        var places = list.Children.Select(node => Read(node.Mapping(file, "places"), file)).ToList();
        RefuseDoubles(places, list, file, "name", place => place.Name);
        RefuseDoubles(places, list, file, "serial device", place => place.SerialDevice);
        RefuseDoubles(places, list, file, "probe", place => place.Probe.Uid);
        return places;
    }

    private static Place Read(YamlMappingNode node, string file)
    {
        node.AllowOnly(file, "a place", "name", "board", "serial", "probe", "power", "entry", "releases", "known-good", "tags", "health", "boot-window", "hub");
        var serial = node.Required(file, "serial").Mapping(file, "serial");
        serial.AllowOnly(file, "`serial`", "device", "baud", "driver");
        var board = node.Required(file, "board");
        var place = new Place(
            Name(node.Required(file, "name"), file, "name"),
            Board(board, node.Find("boot-window"), file),
            Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, serial.Required(file, "device").Scalar(file, "device")),
            serial.Find("baud") is { } baud ? (int)baud.Number(file, "baud") : 57600,
            serial.Find("driver") is { } driver ? OneOf<SerialDriver>(driver, file, "driver") : SerialDriver.Automatic,
            Probe(node.Required(file, "probe").Mapping(file, "probe"), file),
            node.Find("power") is { } power ? PowerSetup.Parse(power, file) : null,
            node.Find("entry") is { } entry ? OneOf<BootloaderEntry>(entry, file, "entry") : BootloaderEntry.Window,
            node.Find("releases") is { } releases ? Folder(releases, file, "releases") : null,
            Tags(node.Find("tags"), file))
        {
            Health = node.Find("health") is { } health ? HealthSetup.Parse(health.Mapping(file, "health"), file) : null,
            KnownGood = node.Find("known-good")?.Scalar(file, "known-good"),
            Hub = node.Find("hub") is { } hub ? Name(hub, file, "hub", ", the same for all places on it") : null,
        };
        if (place.KnownGood is { } release && new InstallReleaseStep(release).Refuse(place, null) is { } refusal)
            throw node.Required(file, "known-good").Error(file, $"`known-good`: {refusal}");
        return place.Entry == BootloaderEntry.Pin && place.Power?.ScpiAddress is null
            ? throw node.Error(file, $"place {place.Name}: `entry: pin` needs `power: {{scpi: HOST:PORT}}`, whose digital port holds the boot pin")
            : place;
    }

    /// <summary>Its type; the application's BCA may give the bootloader another time to listen (KBTLDR200RM §2.3).</summary>
    private static BoardType Board(YamlNode board, YamlNode? window, string file)
    {
        var type = BoardTypeFile.Load(board.Scalar(file, "board"), board.PositionIn(file));
        return window is null ? type : type with { BootWindow = window.Duration(file, "boot-window") };
    }

    private static string Name(YamlNode node, string file, string key, string more = "")
    {
        var name = node.Scalar(file, key);
        return PlaceName().IsMatch(name)
            ? name
            : throw node.Error(file, $"`{key}` must be lower-case letters, digits and hyphens (at most 40){more}, not `{name}`");
    }

    private static ProbeSettings Probe(YamlMappingNode probe, string file)
    {
        probe.AllowOnly(file, "`probe`", "uid", "frequency", "target", "pack");
        var settings = new ProbeSettings(ProbeUid(probe.Required(file, "uid"), file));
        return settings with
        {
            Frequency = probe.Find("frequency") is { } frequency ? Frequency(frequency, file) : settings.Frequency,
            Target = probe.Find("target") is { } target ? ProbeTarget(target, file) : settings.Target,
            Pack = probe.Find("pack") is { } pack ? ProbePack(pack, file) : null,
        };
    }

    private static string ProbeTarget(YamlNode node, string file)
    {
        var text = node.Scalar(file, "target");
        return TargetName().IsMatch(text) ? text : throw node.Error(file, $"`target` must be a target type as `pyocd list --targets` prints it, such as cortex_m, not `{text}`");
    }

    /// <summary>Its full path, so that no name can be read as an option.</summary>
    private static string ProbePack(YamlNode node, string file)
    {
        var pack = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, node.Scalar(file, "pack"));
        return File.Exists(pack) ? pack : throw node.Error(file, $"`pack`: no such file {pack}; give the path of a CMSIS pack, absolute or relative to the places file");
    }

    /// <summary>Only what cannot be read as an option or a path by pyOCD's command line.</summary>
    private static string ProbeUid(YamlNode node, string file)
    {
        var uid = node.Scalar(file, "uid");
        return Uid().IsMatch(uid)
            ? uid
            : throw node.Error(file, $"`uid` must be a probe's serial number as `pyocd list` prints it, or remote:HOST:PORT, not `{uid}`");
    }

    private static string Folder(YamlNode node, string file, string key)
    {
        var folder = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, node.Scalar(file, key));
        return Directory.Exists(folder) ? folder : throw node.Error(file, $"`{key}`: no such folder {folder}");
    }

    private static string Frequency(YamlNode node, string file)
    {
        var text = node.Scalar(file, "frequency");
        return FrequencyText().IsMatch(text) ? text : throw node.Error(file, $"`frequency` must be written like 4m or 500k, not `{text}`");
    }

    private static T OneOf<T>(YamlNode node, string file, string key)
        where T : struct, Enum
    {
        var text = node.Scalar(file, key);
        foreach (var value in Enum.GetValues<T>())
        {
            if (KebabCase.From(value.ToString()) == text)
                return value;
        }
        throw node.Error(file, $"`{key}` has no `{text}`; {Suggestion.For(text, [.. Enum.GetNames<T>().Select(KebabCase.From)])}");
    }

    private static string[] Tags(YamlNode? node, string file) => node switch
    {
        null => [],
        YamlSequenceNode list => [.. list.Children.Select(tag => tag.Scalar(file, "tags"))],
        _ => throw node.Error(file, "`tags` must be a list"),
    };

    private static void RefuseDoubles(List<Place> places, YamlSequenceNode list, string file, string what, Func<Place, string> key)
    {
        var seen = new Dictionary<string, string>();
        for (var index = 0; index < places.Count; index++)
        {
            var value = key(places[index]);
            if (!seen.TryAdd(value, places[index].Name))
                throw list.Children[index].Error(file, $"{what} `{value}` is used twice; each place has its own");
        }
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,39}$")]
    private static partial Regex PlaceName();

    [GeneratedRegex("^[A-Za-z0-9_][A-Za-z0-9_.:-]{0,127}$")]
    private static partial Regex Uid();

    [GeneratedRegex("^[A-Za-z0-9_][A-Za-z0-9_-]{0,63}$")]
    private static partial Regex TargetName();

    [GeneratedRegex("^[0-9]{1,9}[kKmM]?$")]
    private static partial Regex FrequencyText();
}
