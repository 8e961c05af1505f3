namespace HilRig.Bench.Targets;

/// <summary>Nights of 30,000 trials in which a failure rate rises once.</summary>
internal static class ChangedNight
{
    public const int Trials = 30_000;

    /// <summary>Positions of the failing trials.</summary>
    /// <param name="at">The first trial at so many times the rate.</param>
    public static List<int> Draw(Random random, double rate, int times, int at) =>
        [.. Enumerable.Range(0, Trials).Where(trial => random.NextDouble() < (trial < at ? rate : rate * times))];
}
