using HilRig.Model.Runs;

namespace HilRig.Server.Storage;

/// <summary>The SQL of a <see cref="RunQuery"/>: only the conditions that it names, so that each finds its index.</summary>
internal static class RunCondition
{
    /// <summary>What of <c>FROM run r</c> stands in its place, the condition, and the order: newest first, in that of an index.</summary>
    public static (string From, string Where, string Order) Of(RunQuery query)
    {
        // Of those that had such a cycle, the few that have none any more are left out below.
        var (from, by) = query.Layer is null ? ("run r", "r") : ("blame b JOIN run r ON r.run_key = b.run_key", "b");
        return (from, Where(query, by), $"{by}.started_ns DESC, {by}.run_key DESC");
    }

    private static string Where(RunQuery query, string by)
    {
        string?[] conditions =
        [
            query.Before is null or "" ? null : $"({by}.started_ns, {by}.run_key) < (SELECT started_ns, run_key FROM run WHERE run_id = @Before)",
            query.Place is null or "" ? null : "r.place = @Place",
            query.Release is null or "" ? null : "r.release = @Release",
            query.Sequence is null or "" ? null : "r.sequence = @Sequence",
            query.Verdict is null ? null : "r.verdict = @Verdict",
            // One that was given up has no last event, and does not go on.
            query.Running is not { } running ? null : running ? "r.ended = 0 AND o.run_id IS NULL" : "(r.ended = 1 OR o.run_id IS NOT NULL)",
            query.Layer is null ? null : "b.layer = @Layer AND EXISTS (SELECT 1 FROM cycle c WHERE c.run_key = r.run_key AND c.layer = @Layer AND c.layer <> 'none')",
            query.StartedFrom is null ? null : $"{by}.started_ns >= @StartedFrom",
            query.StartedBefore is null ? null : $"{by}.started_ns < @StartedBefore",
        ];
        var named = conditions.OfType<string>().ToList();
        return named.Count == 0 ? "" : $"WHERE {string.Join(" AND ", named)}";
    }
}
