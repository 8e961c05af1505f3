using HilRig.Model.Runs;

namespace HilRig.Server.Storage;

/// <summary>The SQL of a <see cref="RunQuery"/>: only the conditions that it names, so that each finds its index.</summary>
internal static class RunCondition
{
    public static string Of(RunQuery query)
    {
        string?[] conditions =
        [
            query.Before is null ? null : "(r.started_ns, r.run_key) < (SELECT started_ns, run_key FROM run WHERE run_id = @Before)",
            query.Place is null ? null : "r.place = @Place",
            query.Release is null ? null : "r.release = @Release",
            query.Sequence is null ? null : "r.sequence = @Sequence",
            query.Verdict is null ? null : "r.verdict = @Verdict",
            query.StartedFrom is null ? null : "r.started_ns >= @StartedFrom",
            query.StartedBefore is null ? null : "r.started_ns < @StartedBefore",
        ];
        var named = conditions.OfType<string>().ToList();
        return named.Count == 0 ? "" : $"WHERE {string.Join(" AND ", named)}";
    }
}
