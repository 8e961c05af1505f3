using HilRig.Analysis.Rates;
using HilRig.Analysis.Triggers;

namespace HilRig.Analysis.Flags;

/// <summary>Failures of a step come several to a power session more often than chance would have them: bad sessions.</summary>
/// <param name="Count">Sessions with trials of the step.</param>
/// <param name="Failing">Sessions with a failure.</param>
/// <param name="Z">How far the spread between sessions lies beyond chance, in standard deviations.</param>
/// <param name="UpToFirstFailure">The trials without those that follow a failure in their session: what is left of each is independent.</param>
internal sealed record PowerSessions(int Count, int Failing, double Z, ulong[] UpToFirstFailure)
{
    /// <summary>With fewer failing sessions their first failures alone could support no trigger, however true.</summary>
    private const int FewestFailing = 8;

    /// <summary>Null where they do not, or where nothing tells when power was off.</summary>
    /// <param name="trials">Trials that passed, or failed in the way at hand.</param>
    public static PowerSessions? Of(StepCell cell, ulong[] trials, ulong[] failed)
    {
        var counts = new Dictionary<int, (int Trials, int Failures)>();
        var kept = new ulong[trials.Length];
        for (var trial = 0; trial < cell.Sessions.Count; trial++)
        {
            var bit = 1UL << (trial % 64);
            if ((trials[trial / 64] & bit) == 0)
                continue;
            var session = cell.Sessions[trial];
            if (session == 0)
                return null;
            var (count, failures) = counts.GetValueOrDefault(session);
            if (failures == 0)
                kept[trial / 64] |= bit;
            counts[session] = (count + 1, failures + ((failed[trial / 64] & bit) == 0 ? 0 : 1));
        }
        var failing = counts.Values.Count(session => session.Failures > 0);
        return failing >= FewestFailing && Clustering.Of([.. counts.Values]) is { IsClaimed: true } clustering ? new PowerSessions(counts.Count, failing, clustering.Z, kept) : null;
    }

    /// <summary>Those explanations that the first failures of the sessions support by themselves.</summary>
    public IReadOnlyList<ExplanationSet> Confirm(TriggerSearch search, IReadOnlyList<ExplanationSet> found) => TriggerSearch.AlsoIn(search.Explain(UpToFirstFailure), found);

    public override string ToString() => $"failures cluster by power session, in {Failing} of {Count} (z = {Z:0.#}): the session, not the cycle, is the unit to count";
}
