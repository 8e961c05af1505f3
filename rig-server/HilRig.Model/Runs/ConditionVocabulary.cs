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

/// <summary>
/// Every condition there is. A new one is one entry here and one line in the agent's <c>BoardHistory</c>, or in the analysis' <c>RunPast</c> where the samples of a
/// run tell it by themselves.
/// </summary>
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

    /// <summary>The step before the one before this one; where the cycle before failed, recovery stands between and nobody knows.</summary>
    public const string StepBeforeLast = "step-before-last";

    /// <summary>Seconds from the last reset to the end of the step before this one, as the largest of 0, 5, 10, 20, 30, 60, 120, 300, 600 that was reached.</summary>
    public const string SecondsSinceReset = "seconds-since-reset";

    /// <summary>An update writes the image that the update before it in the run wrote, or tried to: yes, no.</summary>
    public const string SameImage = "same-image";

    /// <summary>What the core has read of the application's area since the last reset: none, before-erase, since-erase.</summary>
    public const string CoreRead = "core-read";

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

    /// <summary>Pauses that a sequence makes in what it sends: none, between 5 ms, inside 8 ms.</summary>
    public const string Gap = "gap";

    /// <summary>Latency timer of the USB serial adapter in milliseconds; none where it has none.</summary>
    public const string UsbLatency = "usb-latency";

    /// <summary>Bytes without a stop bit that the serial driver counted since the last reset, the reset's own included; none where it does not count.</summary>
    public const string FramingErrorsSinceReset = "framing-errors-since-reset";

    /// <summary>Bytes that the serial port or its driver lost since the last reset; none where it does not count.</summary>
    public const string OverrunsSinceReset = "overruns-since-reset";

    /// <summary>The place's name.</summary>
    public const string Board = "board";

    /// <summary>The agent's name.</summary>
    public const string Agent = "agent";

    /// <summary>The hub that the place hangs on, where its agent says so.</summary>
    public const string Hub = "hub";

    /// <summary>The hour of the day, UTC: 00 to 23.</summary>
    public const string Hour = "hour";

    /// <summary>True for where and when, which no sequence could bring about: a reason to look elsewhere, never a trigger.</summary>
    public static bool IsPlaceOrHour(string name) => name is Board or Agent or Hub or Hour;

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
        new(StepBeforeLast, ConditionKind.Category, "the step before the last was {0}"),
        new(PreviousVerdict, ConditionKind.Category, "the step before ended in {0}"),
        new(PreviousCycle, ConditionKind.Category, "the cycle before ended in {0}"),
        new(Image, ConditionKind.Category, "the image was {0}"),
        new(SameImage, ConditionKind.Category, "the image was the one that the update before wrote: {0}"),
        new(CoreRead, ConditionKind.Category, "what the core had read of the application area since the last reset was {0}"),
        new(Recipe, ConditionKind.Category, "the update was made in the way of {0}"),
        new(Baud, ConditionKind.Category, "the line ran at {0} baud"),
        new(Gap, ConditionKind.Category, "the pause in what was sent was {0}"),
        new(UsbLatency, ConditionKind.Category, "the USB adapter's latency timer was {0} ms"),
        new(FramingErrorsSinceReset, ConditionKind.Count, "{0} or more framing errors on the line since the last reset"),
        new(OverrunsSinceReset, ConditionKind.Count, "{0} or more bytes lost by the serial port since the last reset"),
        new(SecondsSinceReset, ConditionKind.Count, "{0} s or more since the last reset"),
        new(Board, ConditionKind.Category, "the board was {0}"),
        new(Agent, ConditionKind.Category, "the agent was {0}"),
        new(Hub, ConditionKind.Category, "the hub was {0}"),
        new(Hour, ConditionKind.Category, "the hour of the day was {0} UTC"),
    ];
}
