using HilRig.Model.Runs;

namespace HilRig.Server.Timelines;

/// <summary>The lanes of a stretch while they fill. What lies outside it is not taken; what is too much for a screen is folded.</summary>
internal sealed class LaneMarks(long from, long to)
{
    public const string Serial = "serial";
    public const string Packets = "packets";
    public const string Swd = "swd";
    public const string Core = "core";
    public const string Power = "power";
    public const string Agent = "agent";

    private const int MostOfLane = 3000;
    private const int Folds = 800;

    /// <summary>The six, in the order in which they are shown.</summary>
    public static readonly IReadOnlyList<string> Names = [Serial, Packets, Swd, Core, Power, Agent];

    private readonly Dictionary<string, List<TimelineMark>> marks = Names.ToDictionary(name => name, _ => new List<TimelineMark>());
    private readonly Dictionary<string, string> silences = [];

    public void Add(string lane, TimelineMark mark)
    {
        if (mark.Until >= from && mark.At <= to)
            marks[lane].Add(mark);
    }

    /// <summary>Says why a lane shows nothing, or not all; the first reason stands.</summary>
    public void Explain(string lane, string why) => silences.TryAdd(lane, why);

    public IReadOnlyList<TimelineLane> ToLanes() => [.. Names.Select(name => new TimelineLane(name, SilenceOf(name), Folded([.. marks[name].OrderBy(mark => mark.At)])))];

    private string? SilenceOf(string lane) => silences.GetValueOrDefault(lane) ?? (marks[lane].Count > 0 ? null : lane switch
    {
        Serial => "nothing went wrong on the line here",
        Packets => "packets are kept where a step does not pass: the last 1,024 before it",
        Swd => "what the probe was told is kept where a step does not pass: the last 512 lines before it",
        Core => "halts and resets by SWD are kept where a step does not pass",
        Power => "what the supply was told is kept where a step does not pass",
        _ => "no step here",
    });

    private List<TimelineMark> Folded(List<TimelineMark> all)
    {
        if (all.Count <= MostOfLane)
            return all;
        var width = Math.Max(1, (to - from) / Folds);
        return [.. all.GroupBy(mark => (mark.At - from) / width).Select(Fold)];
    }

    private static TimelineMark Fold(IEnumerable<TimelineMark> group)
    {
        var all = group.ToList();
        var worst = all.MaxBy(mark => mark.Tone)!;
        return all is [var only] ? only : new TimelineMark(all[0].At, all.Max(mark => mark.Until), worst.Tone, $"{all.Count:N0} together, among them: {worst.Text}") { Many = all.Count };
    }
}
