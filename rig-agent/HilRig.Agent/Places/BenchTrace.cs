namespace HilRig.Agent.Places;

/// <summary>Who of the bench did something, as a lane of the timeline names it.</summary>
public enum BenchLane
{
    Swd,

    /// <summary>What SWD did to the core itself: halts, resets, lets go.</summary>
    Core,
    Power,
}

/// <summary>
/// The last things that probe and supply were told, with their times: what the line's trace is for packets. Any thread may add.
/// </summary>
public sealed class BenchTrace(TimeProvider time, int capacity = BenchTrace.DefaultCapacity)
{
    public const int DefaultCapacity = 512;

    /// <summary>A line that moves a block of memory names every word of it.</summary>
    private const int LongestText = 160;

    /// <summary>The commands of pyOCD that halt, release or reset.</summary>
    private static readonly string[] OfTheCore = ["reset", "halt", "go", "set nreset"];

    private readonly Lock gate = new();
    private readonly Queue<BenchAct> acts = new(capacity);
    private readonly long opened = time.GetTimestamp();
    private readonly DateTimeOffset openedAt = time.GetUtcNow();
    private long count;

    /// <summary>The acts still held, oldest first.</summary>
    public IReadOnlyList<BenchAct> Snapshot()
    {
        lock (gate)
            return [.. acts];
    }

    /// <summary>Now, for <see cref="Add"/>.</summary>
    public long Now => time.GetTimestamp();

    /// <summary>Adds what began at <paramref name="began"/> and ends now.</summary>
    /// <param name="failed">It was not answered, or with an error.</param>
    public void Add(BenchLane lane, long began, string text, bool failed)
    {
        var act = new BenchAct(0, openedAt + time.GetElapsedTime(opened, began), time.GetElapsedTime(began), lane, text.Length > LongestText ? text[..LongestText] + "…" : text, failed);
        lock (gate)
        {
            if (acts.Count == capacity)
                acts.Dequeue();
            acts.Enqueue(act with { Number = ++count });
        }
    }

    /// <summary>Which lane a line to pyOCD belongs to.</summary>
    public static BenchLane LaneOf(string command) =>
        OfTheCore.Any(word => command.StartsWith(word, StringComparison.Ordinal)) ? BenchLane.Core : BenchLane.Swd;
}

/// <param name="Number">Counts from 1 since the bench was opened.</param>
/// <param name="At">When it began.</param>
/// <param name="Took">Until its answer.</param>
/// <param name="Text">The line as it was sent, and what was measured, where it measures.</param>
/// <param name="Failed">It was not answered, or with an error.</param>
public sealed record BenchAct(long Number, DateTimeOffset At, TimeSpan Took, BenchLane Lane, string Text, bool Failed);
