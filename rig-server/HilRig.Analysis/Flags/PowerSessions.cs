using System.Numerics;
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
        var sessions = cell.Sessions;
        var failures = FailuresOf(sessions, TrialBits.Intersection(trials, failed));
        if (failures.Count < FewestFailing || failures.ContainsKey(0))
            return null;
        var most = Max(sessions);
        // All sessions of a long history are gone through only where the failing ones leave a claim possible.
        if (Clustering.LeastP(TrialBits.Count(trials), failures.Values.Sum(), failures.Values.Sum(each => each - 1), most) > Clustering.Significance)
            return null;
        var counts = new int[most + 1];
        var hasFailed = new bool[counts.Length];
        var kept = new ulong[trials.Length];
        for (var trial = 0; trial < sessions.Length; trial++)
        {
            var (bit, session) = (1UL << (trial % 64), sessions[trial]);
            if ((trials[trial / 64] & bit) == 0)
                continue;
            counts[session]++;
            if (!hasFailed[session])
                kept[trial / 64] |= bit;
            if ((failed[trial / 64] & bit) != 0)
                hasFailed[session] = true;
        }
        var groups = counts.Index().Where(session => session.Item > 0).Select(session => (session.Item, failures.GetValueOrDefault(session.Index))).ToList();
        return counts[0] == 0 && Clustering.Of(groups) is { IsClaimed: true } clustering ? new PowerSessions(groups.Count, failures.Count, clustering.Z, kept) : null;
    }

    /// <summary>The failures alone, which in most cases tell by themselves that there is nothing to look into.</summary>
    private static Dictionary<int, int> FailuresOf(ReadOnlySpan<int> sessions, ulong[] failed)
    {
        var failures = new Dictionary<int, int>();
        for (var word = 0; word < failed.Length; word++)
        {
            for (var rest = failed[word]; rest != 0; rest &= rest - 1)
            {
                var session = sessions[64 * word + BitOperations.TrailingZeroCount(rest)];
                failures[session] = failures.GetValueOrDefault(session) + 1;
            }
        }
        return failures;
    }

    private static int Max(ReadOnlySpan<int> sessions)
    {
        var max = 0;
        foreach (var session in sessions)
            max = Math.Max(max, session);
        return max;
    }

    /// <summary>Those explanations that the first failures of the sessions support by themselves.</summary>
    public IReadOnlyList<ExplanationSet> Confirm(TriggerSearch search, IReadOnlyList<ExplanationSet> found) => TriggerSearch.AlsoIn(search.Explain(UpToFirstFailure), found);

    public override string ToString() => $"failures cluster by power session, in {Failing} of {Count} (z = {Z:0.#}): the session, not the cycle, is the unit to count";
}
