namespace HilRig.Analysis.Reproducers;

/// <summary>
/// Finds the first release with a failure that shows only at times: a binary search that believes a failure and doubts a
/// pass, and so asks again where a pass says little.
/// </summary>
public sealed class ReleaseBisection
{
    private readonly Beliefs beliefs;
    private readonly double confidence;
    private readonly int releases;
    private readonly int[] failures;

    /// <param name="releases">Releases from old to new; any of them may be the first bad one, or none.</param>
    /// <param name="rate">Chance that a run of a bad release fails.</param>
    /// <param name="background">Chance that a run of a good one fails in the same way.</param>
    public ReleaseBisection(int releases, double rate, double background = 0, double confidence = 0.95)
    {
        this.releases = releases;
        this.confidence = confidence;
        failures = new int[releases];
        beliefs = new Beliefs([.. Enumerable.Repeat(1.0, releases + 1)], rate, background);
    }

    public int Runs { get; private set; }

    /// <summary>The most believed first bad release; null where none is bad.</summary>
    public int? FirstBad => beliefs.Best < releases ? beliefs.Best : null;

    public double Belief => beliefs.Weights[beliefs.Best];

    /// <summary>True when it is believed, and has been seen failing where it is a release.</summary>
    public bool IsDone => Belief >= confidence && (FirstBad is not { } bad || failures[bad] > 0);

    /// <summary>The release whose run tells most now.</summary>
    public int Next() => Belief >= confidence && FirstBad is { } bad
        ? bad
        : Enumerable.Range(0, releases).MaxBy(release => beliefs.Gain(beliefs.Mass(first => first <= release)));

    public void Record(int release, int failed, int runs)
    {
        Runs += runs;
        failures[release] += failed;
        beliefs.Learn(first => first <= release ? 1 : 0, failed, runs);
    }
}
