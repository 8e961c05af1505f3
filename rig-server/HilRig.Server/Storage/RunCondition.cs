using HilRig.Model.Runs;

namespace HilRig.Server.Storage;

/// <summary>The SQL of a <see cref="RunQuery"/>: only the conditions that it names, so that each finds its index.</summary>
internal static class RunCondition
{
    public static string Of(RunQuery query)
    {
        string?[] conditions =
        [
            query.Before is null or "" ? null : "(r.started_ns, r.run_key) < (SELECT started_ns, run_key FROM run WHERE run_id = @Before)",
            query.Place is null or "" ? null : "r.place = @Place",
            query.Release is null or "" ? null : "r.release = @Release",
            query.Sequence is null or "" ? null : "r.sequence = @Sequence",
            query.Verdict is null ? null : "r.verdict = @Verdict",
            // One that was given up has no last event, and does not go on.
            query.Running is not { } running ? null : running ? "r.ended = 0 AND o.run_id IS NULL" : "(r.ended = 1 OR o.run_id IS NOT NULL)",
            query.Layer is null ? null : "EXISTS (SELECT 1 FROM cycle c WHERE c.run_key = r.run_key AND c.layer = @Layer AND c.layer <> 'none')",
            query.StartedFrom is null ? null : "r.started_ns >= @StartedFrom",
            query.StartedBefore is null ? null : "r.started_ns < @StartedBefore",
        ];
        var named = conditions.OfType<string>().ToList();
        return named.Count == 0 ? "" : $"WHERE {string.Join(" AND ", named)}";
    }
}
