namespace HilRig.Bench.Targets;

/// <summary>A recorded stretch of steps before a failing update, and the truth of when it fails: an update since the last reset.</summary>
/// <remarks>The truth is a state machine, not a set: a reset between cleans, so that leaving a step out may bring the failure back.</remarks>
internal sealed class StepHistory
{
    private static readonly string[] Kinds = ["update", "erase", "verify", "connect", "reset", "reconnect"];
    private readonly string[] steps;

    private StepHistory(string[] steps) => this.steps = steps;

    public int Count => steps.Length;

    /// <summary>The youngest update before the failing one: what a trigger would point at.</summary>
    public ulong Suspect => 1UL << Array.FindLastIndex(steps, step => step == "update");

    /// <summary>Draws histories until one ends stale.</summary>
    public static StepHistory Draw(Random random)
    {
        while (true)
        {
            var history = new StepHistory([.. Enumerable.Range(0, random.Next(6, 25)).Select(_ => Kinds[random.Next(Kinds.Length)])]);
            if (history.IsStale(ulong.MaxValue))
                return history;
        }
    }

    /// <summary>Whether the failing step meets the stale state after these steps.</summary>
    public bool IsStale(ulong kept)
    {
        var stale = false;
        for (var i = 0; i < steps.Length; i++)
        {
            if ((kept >> i & 1) != 0 && (steps[i] is "update" or "reset"))
                stale = steps[i] == "update";
        }
        return stale;
    }
}
