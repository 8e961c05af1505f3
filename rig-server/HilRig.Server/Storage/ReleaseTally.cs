using System.Data.Common;
using Dapper;
using HilRig.Model.Runs;

namespace HilRig.Server.Storage;

/// <summary>The numbers of runs and finished cycles, kept beside them in the transaction that changes them; a part of <see cref="GroupAppend"/> and of what deletes runs.</summary>
internal static class ReleaseTally
{
    /// <summary>What stands for a run itself, where else a verdict stands.</summary>
    public const string Run = "run";

    /// <summary>A cycle that was repeated because it failed says nothing of a rate, nor does a candidate for a reproducer (<see cref="InvestigationRun.IsTry"/>).</summary>
    private const string NoRerun = $"NOT EXISTS (SELECT 1 FROM run_order o WHERE o.run_id = r.run_id AND o.rerun_of IS NOT NULL) AND r.run_id NOT LIKE '{InvestigationRun.Prefix}%-________-try-%'";

    /// <summary>Of one run, or for null of all.</summary>
    private static string CountOf(string? only, string factor) =>
        $"""
        SELECT r.release, r.place, '{Run}', 'none', {factor}count(*) FROM run r WHERE {only ?? "1 = 1"} AND {NoRerun} GROUP BY r.release, r.place
        UNION ALL
        SELECT r.release, r.place, c.verdict, c.layer, {factor}count(*) FROM run r JOIN cycle c ON c.run_key = r.run_key
        WHERE {only ?? "1 = 1"} AND c.verdict <> 'not-set' AND {NoRerun} GROUP BY r.release, r.place, c.verdict, c.layer
        """;

    private const string Add = "ON CONFLICT (release, place, what, layer) DO UPDATE SET number = release_tally.number + excluded.number";

    /// <summary>Adds what a transaction brought.</summary>
    public static async Task AddAsync(DbTransaction transaction, IEnumerable<ReleaseTallyRow> rows)
    {
        // In one order, so that no two servers wait for each other.
        var sums = rows.GroupBy(row => row with { Number = 0 }).Select(same => same.Key with { Number = same.Sum(row => row.Number) })
            .OrderBy(row => $"{row.Release}\n{row.Place}\n{row.What}\n{row.Layer}", StringComparer.Ordinal).ToList();
        if (sums.Count > 0)
            await transaction.Connection!.ExecuteAsync($"INSERT INTO release_tally (release, place, what, layer, number) VALUES (@Release, @Place, @What, @Layer, @Number) {Add}", sums, transaction);
    }

    /// <summary>Takes away what a run brought, before it is deleted.</summary>
    public static Task RemoveAsync(DbTransaction transaction, long runKey) => transaction.Connection!.ExecuteAsync(
        $"INSERT INTO release_tally (release, place, what, layer, number) SELECT * FROM ({CountOf("r.run_key = @runKey", "-")}) AS gone WHERE true {Add}; DELETE FROM release_tally WHERE number = 0", new { runKey }, transaction);

    /// <summary>Counts everything anew.</summary>
    public static Task RebuildAsync(DbTransaction transaction) => transaction.Connection!.ExecuteAsync(
        $"DELETE FROM release_tally; INSERT INTO release_tally (release, place, what, layer, number) {CountOf(null, "")}", transaction: transaction);

    /// <summary>What the transaction added to a run: itself, where it is new, and the cycles that ended.</summary>
    public static IEnumerable<ReleaseTallyRow> Of(RunSummary summary, bool isNew, RunRows rows)
    {
        var row = new ReleaseTallyRow(StoredText.ToColumn(summary.Started.Release), StoredText.ToColumn(summary.Started.Place), Run, StoredText.ToText(Layer.None), 1);
        if (isNew)
            yield return row;
        foreach (var mark in rows.Cycles.Where(mark => mark.Verdict is not Verdict.NotSet))
            yield return row with { What = StoredText.ToText(mark.Verdict), Layer = StoredText.ToText(mark.Layer) };
    }
}

/// <param name="What">A cycle's verdict, or <see cref="ReleaseTally.Run"/>.</param>
internal sealed record ReleaseTallyRow(string Release, string Place, string What, string Layer, long Number);
