using Dapper;
using HilRig.Analysis.Rates;
using HilRig.Analysis.SignOff;
using HilRig.Model.Runs;
using HilRig.Server.Judging;

namespace HilRig.Server.Storage;

/// <summary>What all runs together say of each release.</summary>
public sealed class ReleaseStore(IDatabase database, FlagBook flags)
{
    /// <summary>A cycle that was repeated because it failed says nothing of a rate, nor does a candidate for a reproducer.</summary>
    private const string NoRerun = $"NOT EXISTS (SELECT 1 FROM run_order o WHERE o.run_id = r.run_id AND o.rerun_of IS NOT NULL) AND r.run_id NOT LIKE '{InvestigationRun.Prefix}%-________-try-%'";

    /// <summary>The one that ran last first.</summary>
    public async Task<IReadOnlyList<ReleaseSummary>> ListAsync(CancellationToken cancellationToken)
    {
        await using var reader = await database.OpenReaderAsync(cancellationToken);
        var runs = await reader.QueryAsync<(string Release, long Runs, long First, long Last)>(new CommandDefinition(
            $"SELECT release, count(*), min(started_ns), max(started_ns) FROM run r WHERE {NoRerun} GROUP BY release ORDER BY max(started_ns) DESC", cancellationToken: cancellationToken));
        var cycles = await reader.QueryAsync<(string Release, string Verdict, string Layer, long Count)>(new CommandDefinition(
            $"SELECT r.release, c.verdict, c.layer, count(*) FROM run r JOIN cycle c ON c.run_key = r.run_key WHERE c.verdict <> 'not-set' AND {NoRerun} GROUP BY r.release, c.verdict, c.layer",
            cancellationToken: cancellationToken));
        var outcomes = cycles.ToLookup(row => row.Release, row => (Verdict: StoredText.ToEnum<Verdict>(row.Verdict), Layer: StoredText.ToEnum<Layer>(row.Layer), row.Count));
        var accusations = flags.Read().Where(flag => flag.IsProduct).ToLookup(flag => flag.Release);
        return [.. runs.Select(row => ToSummary(row, [.. outcomes[row.Release]], accusations[row.Release].Count()))];
    }

    private static ReleaseSummary ToSummary(
        (string Release, long Runs, long First, long Last) row, IReadOnlyList<(Verdict Verdict, Layer Layer, long Count)> outcomes, int accusations)
    {
        var counted = outcomes.Where(outcome => SignOffSamples.VoidedBy(outcome.Verdict, outcome.Layer) is null).ToList();
        var trials = counted.Sum(outcome => outcome.Count);
        var failures = counted.Where(outcome => outcome.Verdict > Verdict.Pass).Sum(outcome => outcome.Count);
        return new ReleaseSummary(
            row.Release, (int)row.Runs, ClopperPearson.Rate((int)failures, (int)trials), outcomes.Sum(outcome => outcome.Count) - trials, accusations,
            StoredText.ToTime(row.First), StoredText.ToTime(row.Last));
    }
}
