using System.Text.RegularExpressions;
using HilRig.Agent.Power;
using HilRig.Agent.Probe;
using HilRig.Model.Sequences;
using YamlDotNet.RepresentationModel;

namespace HilRig.Agent.Places;

/// <summary>What switches a place's power, as <c>power:</c> names it: one of the two.</summary>
/// <param name="ScpiAddress"><c>host:port</c> of a supply.</param>
/// <param name="Command">A program.</param>
/// <param name="TriggerLine">The board's line that is wired to the supply's trigger input, by its name; null where none is.</param>
public sealed partial record PowerSetup(string? ScpiAddress, PowerCommand? Command, string? TriggerLine = null)
{
    public static PowerSetup Parse(YamlNode node, string file)
    {
        var mapping = node.Mapping(file, "power");
        mapping.AllowOnly(file, "`power`", "scpi", "command", "states", "measure", "trigger");
        if (mapping.Find("scpi") is null == mapping.Find("command") is null)
            throw node.Error(file, "`power` needs either `scpi: HOST:PORT` or `command: [PROGRAM, ARGUMENT, …]`");
        if (mapping.Find("command") is not null && mapping.Find("trigger") is { } unwired)
            throw unwired.Error(file, "`trigger` is a line into a SCPI supply; a command has none");
        if (mapping.Find("command") is { } command)
            return new PowerSetup(null, Template(mapping, command, file));
        if ((mapping.Find("states") ?? mapping.Find("measure")) is { } stray)
            throw stray.Error(file, "`states` and `measure` belong to `command`; a SCPI supply has its own");
        var address = mapping.Required(file, "scpi").Scalar(file, "scpi");
        return Endpoint().IsMatch(address) ? new PowerSetup(address, null, mapping.Find("trigger")?.Scalar(file, "trigger")) : throw node.Error(file, $"`scpi` must be HOST:PORT, not `{address}`");
    }

    private static PowerCommand Template(YamlMappingNode mapping, YamlNode command, string file)
    {
        var words = Words(command, file, "command");
        if (!words.Skip(1).Any(word => word.Contains(CommandSwitch.StatePlaceholder, StringComparison.Ordinal)))
            throw command.Error(file, $"`command` must have {CommandSwitch.StatePlaceholder} in one of its arguments, where `on` or `off` goes");
        var states = mapping.Find("states")?.Mapping(file, "states");
        states?.AllowOnly(file, "`states`", "on", "off");
        return new PowerCommand(
            words[0],
            words[1..],
            states?.Required(file, "on").Scalar(file, "on") ?? "on",
            states?.Required(file, "off").Scalar(file, "off") ?? "off",
            mapping.Find("measure") is { } measure ? Words(measure, file, "measure") : []);
    }

    /// <summary>A list whose first word becomes the full path of a program: on the PATH, or, with a slash, relative to the places file.</summary>
    private static string[] Words(YamlNode node, string file, string key)
    {
        if (node is not YamlSequenceNode { Children.Count: > 0 } list)
            throw node.Error(file, $"`{key}` must be a list: a program, then its arguments, one by one");
        var words = list.Children.Select(word => word.Scalar(file, key)).ToArray();
        var path = words[0].Contains('/', StringComparison.Ordinal)
            ? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, words[0])
            : SearchPath.Find(words[0]);
        if (path is null || !File.Exists(path))
            throw list.Children[0].Error(file, $"`{key}`: no program `{words[0]}`; install it, or name its path");
        words[0] = path;
        return words;
    }

    [GeneratedRegex("^[A-Za-z0-9.-]+:[0-9]{1,5}$")]
    private static partial Regex Endpoint();
}
