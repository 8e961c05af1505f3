using HilRig.Model.Runs;

namespace HilRig.Model.Flags;

/// <summary>The analysis' claim about one fingerprint.</summary>
public enum FlagClass
{
    /// <summary>Fails at times; no trigger explains when.</summary>
    Intermittent,

    /// <summary>Fails when a trigger holds.</summary>
    Conditional,

    /// <summary>Never passes.</summary>
    Consistent,

    /// <summary>Fails on one board only.</summary>
    BoardSpecific,

    /// <summary>The rig's fault.</summary>
    Rig,

    /// <summary>Seen and counted; too little or too unclear to claim anything.</summary>
    Observed,

    /// <summary>Was flagged and has stopped.</summary>
    Recovered,

    /// <summary>Too few samples to say.</summary>
    Insufficient,
}

/// <param name="Id">Stable text made of release, sequence, its revision, step and fingerprint; usable in a URL.</param>
/// <param name="Sequence">The sequence it was judged in.</param>
/// <param name="Revision">The digest of that sequence's text; empty for an imported history.</param>
/// <param name="Places">Places where it failed, most failures first.</param>
/// <param name="Rate">Failures of the step with this fingerprint.</param>
/// <param name="MarginalRate">Passes of the step that needed a second try of some kind.</param>
/// <param name="Rule">One sentence: which rule fired, on what numbers.</param>
/// <param name="Triggers">Best first; the first entry may have equivalents that the data cannot tell apart.</param>
public sealed record Flag(
    string Id,
    string Release,
    string Sequence,
    string Revision,
    IReadOnlyList<string> Places,
    Fingerprint Fingerprint,
    FlagClass Class,
    Rate Rate,
    Rate MarginalRate,
    DateTimeOffset FirstSeen,
    DateTimeOffset LastSeen,
    string Rule,
    IReadOnlyList<Trigger> Triggers)
{
    /// <summary>The release before had the trials to show it, and did not.</summary>
    public bool IsNew { get; init; }

    /// <summary>The rule by which somebody has taken it on; null where nobody has. It stays counted all the same.</summary>
    public KnownIssue? Known { get; init; }

    /// <summary>Drift: the rate changed within the time that was judged, or with the release; empty where nothing says so.</summary>
    public IReadOnlyList<RateChange> Changes { get; init; } = [];

    /// <summary>True when the product is accused.</summary>
    public bool IsProduct => Class is FlagClass.Intermittent or FlagClass.Conditional or FlagClass.Consistent;

    /// <summary>True when something of the product is accused: all of it, or one board.</summary>
    public bool IsAccusing => IsProduct || Class is FlagClass.BoardSpecific;

    /// <summary>The triggers that nothing in the data puts behind another: rank 1, more than one where it cannot separate them.</summary>
    public IEnumerable<Trigger> BestTriggers => Triggers.Where(trigger => trigger.Rank == 1);

    /// <summary>A trigger in words: <c>10203 on update: 41 of 41 when …, 0 of 212 otherwise</c>.</summary>
    public string Explain(Trigger trigger) =>
        $"{Fingerprint.Code} on {Fingerprint.Step}: {trigger.Inside.Failures} of {trigger.Inside.Trials} when {trigger.Sentence}, " +
        $"{trigger.Outside.Failures} of {trigger.Outside.Trials} otherwise";
}

/// <summary>A condition that explains a flag: the 2×2 table and how surprising it is.</summary>
/// <param name="Condition">Machine form: <c>app-at-boot=application</c>, <c>updates-since-reset&gt;=1</c>.</param>
/// <param name="Sentence">The condition in words.</param>
/// <param name="Inside">Failures of trials while it held.</param>
/// <param name="Outside">Failures of trials while it did not.</param>
/// <param name="FisherP">Fisher's exact p, one-sided: the chance of a table at least as extreme without a connection.</param>
/// <param name="Rank">1 for the best; entries that the data cannot separate share a rank.</param>
public sealed record Trigger(string Condition, string Sentence, Rate Inside, Rate Outside, double FisherP, int Rank)
{
    /// <summary>log10 of <see cref="FisherP"/>; keeps its meaning where the number itself is too small for a double.</summary>
    public double Log10P { get; init; }

    /// <summary>Bits of evidence for two rates over one, after paying for the search among all conditions. From 7 on it is called supported.</summary>
    public double Bits { get; init; }

    /// <summary>What the boards say one by one, with the exact stratified test; empty where there is one board only.</summary>
    public string ByBoard { get; init; } = "";

    /// <summary>
    /// For each of its conditions that a sequence can set straight away (image, baud, gap, parameters): the values it had in other trials, most of them first.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Otherwise { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Share of the failures that it covers, 0 to 1: 1 means that nothing failed without it.</summary>
    public double Necessity => Inside.Failures + Outside.Failures == 0 ? 0 : (double)Inside.Failures / (Inside.Failures + Outside.Failures);

    /// <summary>Share of the trials that failed while it held, 0 to 1: 1 means that nothing passed with it.</summary>
    public double Sufficiency => Inside.Value;
}
