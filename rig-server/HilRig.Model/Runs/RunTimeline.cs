using System.Text.Json.Serialization;

namespace HilRig.Model.Runs;

/// <summary>A stretch of a run on one clock, as much of it as a screen can show. Times are nanoseconds since the run's first event.</summary>
/// <param name="Start">The run's first event.</param>
/// <param name="End">Its last event so far.</param>
/// <param name="From">Where the stretch begins.</param>
/// <param name="To">Where it ends.</param>
/// <param name="Events">Events of the run within it.</param>
/// <param name="IsFolded">There are too many to show one by one: a mark then stands for many.</param>
/// <param name="FirstFailure">The first step of the run that did not pass, wherever it lies; null where all did.</param>
/// <param name="Lanes">In the order in which they are shown; always the same six.</param>
public sealed record RunTimeline(
    DateTimeOffset Start, long End, long From, long To, long Events, bool IsFolded, TimelineMark? FirstFailure, IReadOnlyList<TimelineLane> Lanes);

/// <param name="Name">serial, packets, swd, core, power, agent.</param>
/// <param name="Silence">Why nothing, or not all, is shown here; null where everything that was recorded is.</param>
public sealed record TimelineLane(string Name, string? Silence, IReadOnlyList<TimelineMark> Marks);

/// <summary>One thing that happened, or many neighbours under the worst of them.</summary>
/// <param name="At">When it began.</param>
/// <param name="Until">When it was over; equal to <paramref name="At"/> for a moment.</param>
/// <param name="Text">One line for a reader.</param>
public sealed record TimelineMark(long At, long Until, TimelineTone Tone, string Text)
{
    /// <summary>How many it stands for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Many { get; init; }

    /// <summary>Number of the run's event that says so; 0 for what comes from evidence.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Number { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Cycle { get; init; }

    /// <summary>Of a packet: host or device.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Sender { get; init; }

    /// <summary>Of a packet: its first bytes in hex.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Bytes { get; init; }

    /// <summary>Of a packet: all its bytes on the wire.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Length { get; init; }
}

/// <summary>What a mark means for a reader, the gravest last.</summary>
public enum TimelineTone
{
    Plain,
    Pass,
    Stopped,
    Unclear,
    Rig,
    Fail,
}
