namespace HilRig.Model.Runs;

/// <summary>How the values of a condition may be split into "held" and "did not hold".</summary>
public enum ConditionKind
{
    /// <summary>Each value for itself: <c>last-reset=power</c>.</summary>
    Category,

    /// <summary>From a bound upwards: <c>updates-since-reset&gt;=1</c>.</summary>
    Count,
}

/// <summary>A fact true before a step that the analysis may blame.</summary>
/// <param name="Name">As it stands in events and files.</param>
/// <param name="Sentence">The fact in words; {0} stands for the value.</param>
public sealed record ConditionDefinition(string Name, ConditionKind Kind, string Sentence);

/// <summary>Every condition there is. A new one is one entry here and one line in the agent's <c>ConditionTracker</c>.</summary>
public static class ConditionVocabulary
{
    /// <summary>Kind of the last reset: none, bootloader, probe, power.</summary>
    public const string LastReset = "last-reset";

    /// <summary>What SWD saw in the application area right after the bootloader last started: application, blank, other, unknown.</summary>
    public const string AppAtBoot = "app-at-boot";

    /// <summary>What the steps since then left there: application, blank, partial, unknown.</summary>
    public const string AppNow = "app-now";

    /// <summary>Updates begun since the last reset.</summary>
    public const string UpdatesSinceReset = "updates-since-reset";

    /// <summary>Erase steps since the last reset.</summary>
    public const string ErasesSinceReset = "erases-since-reset";

    /// <summary>Cycles begun since power was last off.</summary>
    public const string CyclesSincePower = "cycles-since-power";

    /// <summary>How often this run has started the board: 1 after its first reset.</summary>
    public const string BootNumber = "boot-number";

    /// <summary>The step before this one.</summary>
    public const string PreviousStep = "previous-step";

    /// <summary>Verdict of the step before this one.</summary>
    public const string PreviousVerdict = "previous-verdict";

    /// <summary>Verdict of the cycle before this one.</summary>
    public const string PreviousCycle = "previous-cycle";

    /// <summary>Name of the image of the last or this update.</summary>
    public const string Image = "image";

    /// <summary>The way of updating: kinetis-flash-tool, blhost, rig.</summary>
    public const string Recipe = "recipe";

    /// <summary>Serial speed in baud.</summary>
    public const string Baud = "baud";

    /// <summary>Latency timer of the USB serial adapter in milliseconds; none where it has none.</summary>
    public const string UsbLatency = "usb-latency";

    /// <summary>Bytes without a stop bit that the serial driver counted since the last reset, the reset's own included; none where it does not count.</summary>
    public const string FramingErrorsSinceReset = "framing-errors-since-reset";

    /// <summary>Bytes that the serial port or its driver lost since the last reset; none where it does not count.</summary>
    public const string OverrunsSinceReset = "overruns-since-reset";

    /// <summary>The place's name.</summary>
    public const string Board = "board";

    /// <summary>What a sequence's own parameters are called among the conditions: <c>parameter.address</c>.</summary>
    private const string ParameterPrefix = "parameter.";

    /// <summary>The condition that a parameter of a sequence is.</summary>
    public static string OfParameter(string name) => ParameterPrefix + name;

    /// <summary>What a condition of a sample is; null for a name that nobody may blame. Parameters are each sequence's own, so no list has them.</summary>
    public static ConditionDefinition? Find(string name) =>
        name.StartsWith(ParameterPrefix, StringComparison.Ordinal)
            ? new ConditionDefinition(name, ConditionKind.Category, $"parameter {name[ParameterPrefix.Length..].Replace("{", "{{").Replace("}", "}}")} was {{0}}")
            : All.FirstOrDefault(definition => definition.Name == name);

    public static IReadOnlyList<ConditionDefinition> All { get; } =
    [
        new(AppAtBoot, ConditionKind.Category, "the application area held {0} at the bootloader's start"),
        new(AppNow, ConditionKind.Category, "the application area held {0} before the step"),
        new(LastReset, ConditionKind.Category, "the last reset was by {0}"),
        new(UpdatesSinceReset, ConditionKind.Count, "{0} or more updates since the last reset"),
        new(ErasesSinceReset, ConditionKind.Count, "{0} or more erases since the last reset"),
        new(CyclesSincePower, ConditionKind.Count, "{0} or more cycles since power was off"),
        new(BootNumber, ConditionKind.Count, "{0} or more starts of the board in the run"),
        new(PreviousStep, ConditionKind.Category, "the step before was {0}"),
        new(PreviousVerdict, ConditionKind.Category, "the step before ended in {0}"),
        new(PreviousCycle, ConditionKind.Category, "the cycle before ended in {0}"),
        new(Image, ConditionKind.Category, "the image was {0}"),
        new(Recipe, ConditionKind.Category, "the update was made in the way of {0}"),
        new(Baud, ConditionKind.Category, "the line ran at {0} baud"),
        new(UsbLatency, ConditionKind.Category, "the USB adapter's latency timer was {0} ms"),
        new(FramingErrorsSinceReset, ConditionKind.Count, "{0} or more framing errors on the line since the last reset"),
        new(OverrunsSinceReset, ConditionKind.Count, "{0} or more bytes lost by the serial port since the last reset"),
        new(Board, ConditionKind.Category, "the board was {0}"),
    ];
}
